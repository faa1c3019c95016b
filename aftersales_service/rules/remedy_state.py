# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""What the documents of a remedy say about the state of its claim line."""


def followed_state(is_settled, due, given, received, has_documents):
    """The state that follows from the documents.

    :param is_settled: no goods are under way or wait for an inspection
    :param due: quantity for which the customer is to get something
    :param given: quantity for which they got it, by validated documents
    :param received: quantity that came back
    :param has_documents: whether a document is at work or done
    :return: a state of the claim line; "draft" takes the decision back

    >>> followed_state(False, 0, 0, 0, True)
    'decided'
    >>> followed_state(True, 1, 0, 1, True)
    'in_progress'
    >>> followed_state(True, 1, 1, 1, True)
    'done'
    >>> followed_state(True, 1, 0, 0, False)
    'draft'
    """
    if not has_documents and not received:
        return "draft"
    if is_settled and given >= due:
        return "done"
    if received or is_settled:
        return "in_progress"
    return "decided"
