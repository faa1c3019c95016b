# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""As much of a mailbox over IMAP as fetchmail asks for, on the loopback interface."""

import re
import socketserver
import threading


class ImapStub:
    """``with ImapStub([mail, …]) as stub:`` serves the mails at ``stub.port``.

    ``stub.seen`` has the numbers of the mails that were marked as read.
    """

    def __init__(self, mails):
        self.mails = list(mails)
        self.seen = set()

    def __enter__(self):
        self._server = socketserver.ThreadingTCPServer(
            ("127.0.0.1", 0), _make_handler(self)
        )
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exception):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, command, arguments):
        """The untagged lines that answer `command`."""
        if command == "CAPABILITY":
            return [b"* CAPABILITY IMAP4rev1"]
        if command == "SELECT":
            return [b"* %d EXISTS" % len(self.mails), b"* FLAGS (\\Seen)"]
        if command == "SEARCH":
            unseen = (n for n in range(1, len(self.mails) + 1) if n not in self.seen)
            return [("* SEARCH " + " ".join(map(str, unseen))).encode()]
        if command == "FETCH":
            number = int(arguments.split()[0])
            mail = self.mails[number - 1]
            return [b"* %d FETCH (RFC822 {%d}\r\n%b)" % (number, len(mail), mail)]
        if command == "STORE":
            number, change = re.match(r"(\d+) ([+-])FLAGS", arguments).groups()
            (self.seen.add if change == "+" else self.seen.discard)(int(number))
            return [b"* %s FETCH (FLAGS ())" % number.encode()]
        if command == "LOGOUT":
            return [b"* BYE"]
        return []


def _make_handler(stub):
    class Handler(socketserver.StreamRequestHandler):
        timeout = 20

        def handle(self):
            self.wfile.write(b"* OK ready\r\n")
            for line in self.rfile:
                tag, _space, rest = line.decode().strip().partition(" ")
                command, _space, arguments = rest.partition(" ")
                command = command.upper()
                for answer in stub.answer(command, arguments):
                    self.wfile.write(answer + b"\r\n")
                self.wfile.write(f"{tag} OK {command} done\r\n".encode())
                if command == "LOGOUT":
                    return

    return Handler
