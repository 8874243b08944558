"""Usage: pages.py command DESCRIBE_COMMAND_LINE docs/commands.md
       pages.py file docs/configuration.md

Prints a manual page as Markdown, for lowdown(1): ssh_keepalive_exporter(1) from
the program's own flags, ssh_keepalive_exporter.ini(5) from the reference page.
"""

import pathlib
import re
import sys

import command_tree
import configuration_table

NAME = command_tree.PROGRAM
COLLECTORS = "Collectors"  # the group of their flags, the same everywhere


def escaped(text):
    return re.sub(r"([\\*_<\[\]|~])", r"\\\1", text)


def items(rows):
    """Terms with what they mean."""
    return "\n\n".join(f"{term}\n: {meaning}" for term, meaning in rows)


def flag(option):
    """-h, --help; --last N; [HOST]."""
    argument = escaped(option.argument)
    if not option.names:
        return f"*{argument}*" if option.required else f"\\[*{argument}*\\]"
    names = ", ".join(f"**{escaped(name)}**" for name in option.names)
    return f"{names} *{argument}*" if argument else names


def flags(options):
    return items((flag(one), escaped(one.help)) for one in options)


def synopsis(command):
    words = [f"**{NAME}**", *(f"**{word}**" for word in command.path)]
    words += [flag(option) for option in command.options if not option.names]
    if not command.path:
        words.append("\\[**serve**\\]")
    return " ".join([*words, "\\[*OPTION*...\\]"])


def section(page, heading):
    """What stands below a heading of second level."""
    return re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", page,
                     re.DOTALL | re.MULTILINE)[1].strip()


def exit_codes(page):
    rows = re.findall(r"^\| (\d+) \| (.*) \|$", section(page, "Exit codes"),
                      re.MULTILINE)
    check = re.search(r"^Exit codes: (.*)$", page, re.MULTILINE)[1]
    return (items((f"**{code}**", meaning) for code, meaning in rows)
            + f"\n\nOf **check**: {check}")


def command_page(root, page):
    """serve's flags stand on the program itself too, and once here."""
    leaves = [one for one in root.all() if not one.commands]
    shared = [option for option in root.options
              if option.group == "Common" and
              all(option in one.options for one in leaves)]
    parts = [f"# NAME\n\n{NAME} - {root.help.rstrip('.')}",
             "# SYNOPSIS\n\n" + "\\\n".join(
                 synopsis(one) + "  " for one in (root, *leaves)
                 if one.path != ("serve",)).replace("  \\\n", "  \n"),
             "# DESCRIPTION\n\nIt reads the kernel's keepalive settings, the "
             "configuration of sshd and ssh and the timers of live sessions, "
             "and says what would end an idle session, when, and which line "
             "to change. Without a command, it serves."]
    helps = [option for option in root.options if option.group == "Options"]
    parts.append("# OPTIONS OF ALL COMMANDS\n\n" + flags((*shared, *helps)))
    for command in leaves:
        own = [one for one in command.options if one.group != COLLECTORS
               and one not in shared and one not in helps]
        parts.append(f"# {' '.join(command.path).upper()}\n\n"
                     f"{escaped(command.help)}.\n\n{flags(own)}".rstrip())
    choosing = [" ".join(one.path) for one in leaves
                if any(option.group == COLLECTORS for option in one.options)]
    parts.append(f"# {COLLECTORS.upper()}\n\nOf **"
                 + "**, **".join(choosing) + "**:\n\n"
                 + flags(option for option in root.options
                         if option.group == COLLECTORS))
    parts += [f"# EXIT STATUS\n\n{exit_codes(page)}",
              "# SIGNALS\n\n" + items([
                  ("**SIGHUP**", "reads the configuration anew"),
                  ("**SIGTERM**, **SIGINT**", "ends **serve**")]),
              "# FILES\n\n" + items([
                  (f"*/etc/{NAME}/{NAME}.ini*",
                   f"the service's configuration: {NAME}.ini(5)"),
                  (f"*/var/lib/{NAME}/ends.json*",
                   "what ended the last sessions, for **why**"),
                  ("*/usr/share/ssh-keepalive-exporter*",
                   "alert rules, dashboards, drop-ins of the service")]),
              f"# SEE ALSO\n\n{NAME}.ini(5), sshd\\_config(5), ssh\\_config(5), "
              "tcp(7), and the pages in "
              "*/usr/share/doc/ssh-keepalive-exporter*."]
    return "\n\n".join(parts).replace(NAME, escaped(NAME))


def file_page(page):
    """The reference page; its table, too wide for a terminal, as a list."""
    keys = configuration_table.read(page)
    lists = []
    for name in dict.fromkeys(key.section for key in keys):
        rows = [(f"**{escaped(key.name)}** = {key.default}", key.meaning)
                for key in keys if key.section == name]
        lists.append(f"# \\[{name}\\]\n\n{items(rows)}")
    before, _, after = re.split(r"(^\|.*\|\n(?:^\|.*\|\n)+)", page, maxsplit=1,
                                flags=re.MULTILINE)
    title, text = before.split("\n", 1)
    assert title.startswith("# ")
    after = re.sub(r"^## (.*)$", lambda match: "# " + match[1].upper(), after,
                   flags=re.MULTILINE)
    page = "\n\n".join([
        f"# NAME\n\n{escaped(NAME)}.ini - configuration of {escaped(NAME)}",
        f"# DESCRIPTION\n\n{text.strip()}\n\nBelow, each key stands with its "
        "default.", *lists, "# NOTES\n\n" + after.strip(),
        f"# SEE ALSO\n\n{escaped(NAME)}(1)"])
    return re.sub(r"\[([^\]\\]*)\]\([^)]*\.md\)", r"\1", page)


def main():
    what, *sources = sys.argv[1:]
    if what == "command":
        print(command_page(command_tree.read(sources[0]),
                           pathlib.Path(sources[1]).read_text()))
    else:
        print(file_page(pathlib.Path(sources[0]).read_text()))


if __name__ == "__main__":
    main()
