"""Usage: configuration_file.py docs/configuration.md

Prints the default configuration file: every key with what it means, commented
out with its default, so that an upgrade brings new defaults along.
"""

import pathlib
import re
import sys
import textwrap

import configuration_table

HEAD = """\
# Configuration of ssh_keepalive_exporter: ssh_keepalive_exporter.ini(5).
#
# Every key is here with its default. After a change:
#   ssh_keepalive_exporter --config.file THIS_FILE --config.check
#   systemctl reload ssh-keepalive-exporter
"""


def plain(markdown):
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown).replace("`", "")


def comment(text):
    return "\n".join(textwrap.wrap(text, 78, initial_indent="# ",
                                   subsequent_indent="# ",
                                   break_on_hyphens=False,
                                   break_long_words=False))


def section(name, keys):
    # [path NAME] is there once for each path.
    has_name = " " in name
    lines = [f"\n{'#' if has_name else ''}[{name}]"]
    for key in keys:
        meaning = plain(key.meaning)
        # A value of the file keeps its letter.
        if not key.meaning.startswith("`"):
            meaning = meaning[0].upper() + meaning[1:]
        lines.append(comment(meaning + "."))
        lines.append(f"#{key.name} = {key.default_value or ''}".rstrip())
    return "\n".join(lines)


def main():
    keys = configuration_table.read(pathlib.Path(sys.argv[1]).read_text())
    names = dict.fromkeys(key.section for key in keys)
    sections = [section(name, [key for key in keys if key.section == name])
                for name in names]
    print("\n".join([HEAD.rstrip("\n"), *sections]))


if __name__ == "__main__":
    main()
