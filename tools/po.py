"""Check and merge translations (runs in the venv: it needs polib)."""

import sys
from pathlib import Path

import polib

LANGUAGES = ("es", "ca")
VOLATILE = ("POT-Creation-Date", "PO-Revision-Date")


def folder(addon):
    return Path(addon) / "i18n"


def key(entry):
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def strip(catalogue):
    """Drop the dates: the same strings must give the same file."""
    for name in VOLATILE:
        catalogue.metadata.pop(name, None)
    return catalogue


def merge(addon, exported):
    """Write the fresh export as .pot and carry it into the .po files."""
    target = folder(addon)
    target.mkdir(exist_ok=True)
    fresh = strip(polib.pofile(exported))
    write(fresh, target / f"{addon}.pot")
    for language in LANGUAGES:
        path = target / f"{language}.po"
        known = {key(e): e for e in polib.pofile(path)} if path.exists() else {}
        merged = strip(polib.pofile(exported))
        merged.metadata["Language"] = language
        merged.metadata["Plural-Forms"] = "nplurals=2; plural=(n != 1);"
        for entry in merged:
            old = known.get(key(entry))
            if old:
                entry.msgstr = old.msgstr
                entry.msgstr_plural = old.msgstr_plural
        write(merged, path)
        missing = len(merged.untranslated_entries())
        print(f"{path}: {len(merged)} entries, {missing} to translate")


def write(catalogue, path):
    text = str(catalogue).rstrip("\n") + "\n"
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def differences(addon, exported):
    """What a fresh export has that the .pot has not, and the other way round."""
    path = folder(addon) / f"{addon}.pot"
    if not path.exists():
        return [f"{path} is missing: run `make i18n`"]
    old = {key(entry) for entry in polib.pofile(path)}
    new = {key(entry) for entry in polib.pofile(exported)}
    lines = [
        f"{path}: not in it: {text!r}" for _c, text, _p in sorted(new - old, key=str)
    ]
    lines += [
        f"{path}: outdated: {text!r}" for _c, text, _p in sorted(old - new, key=str)
    ]
    return lines + ["Run `make i18n` and translate."] if lines else []


def incomplete(addon):
    """Entries of the .po files that are not translated, fuzzy, missing or stale."""
    pot = folder(addon) / f"{addon}.pot"
    if not pot.exists():
        return [f"{pot} is missing: run `make i18n`"]
    wanted = {key(entry) for entry in polib.pofile(pot)}
    lines = []
    for language in LANGUAGES:
        path = folder(addon) / f"{language}.po"
        if not path.exists():
            lines.append(f"{path} is missing: run `make i18n`")
            continue
        catalogue = polib.pofile(path)
        entries = {key(e) for e in catalogue if not e.obsolete}
        lines += [f"{path}: lacks {text!r}" for _c, text, _p in wanted - entries]
        lines += [f"{path}: stale {text!r}" for _c, text, _p in entries - wanted]
        for entry in catalogue:
            if entry.fuzzy or entry.obsolete or not entry.translated():
                lines.append(f"{path}:{entry.linenum}: to translate: {entry.msgid!r}")
    return lines


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    if command == "merge":
        merge(*arguments)
        found = []
    elif command == "differences":
        found = differences(*arguments)
    else:
        found = [line for addon in arguments for line in incomplete(addon)]
    print("\n".join(found))
    sys.exit(bool(found))
