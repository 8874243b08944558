"""Usage: changelog.py CHANGELOG.md VERSION MAINTAINER DATE

Prints Debian's changelog: the newest entry of the project's, as this VERSION.
"""

import pathlib
import re
import sys
import textwrap


def main():
    page, version, maintainer, date = sys.argv[1:]
    newest = re.search(r"^## .*\n((?:(?!## ).*\n?)*)",
                       pathlib.Path(page).read_text(), re.MULTILINE)[1]
    # The package's changes are the program's.
    print(f"ssh-keepalive-exporter ({version}) unstable; urgency=medium\n")
    for line in newest.splitlines():
        text = line.removeprefix("- ").replace("`", "")
        if text:
            print(textwrap.fill(text, 78, initial_indent="  * ",
                                subsequent_indent="    ",
                                break_long_words=False,
                                break_on_hyphens=False))
    print(f"\n -- {maintainer}  {date}")


if __name__ == "__main__":
    main()
