"""Usage: completions.py DESCRIBE_COMMAND_LINE bash|zsh|fish

Prints the completions of that shell. Commands, flags and their values come from
the program; files, folders, hosts and users from the shell.
"""

import sys

import command_tree

KINDS = {"FILE": "file", "DIR": "folder", "HOST": "host", "USER": "user",
         "NAME": "user", "USER|PEER": "user"}


def kind(option):
    return KINDS.get(option.argument, "none")


# bash: one function that finds the command by the words before the cursor.

BASH = """\
# bash completion for {program}                        -*- shell-script -*-

_{program}()
{{
    local cur prev path=. word
    local -a words=()
    cur=${{COMP_WORDS[COMP_CWORD]}}
    prev=${{COMP_WORDS[COMP_CWORD - 1]}}
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case $path/$word in
{commands}
        esac
    done
    # Bash breaks words at '=' as well as at blanks.
    [[ $cur == = ]] && cur=
    [[ $prev == = ]] && prev=${{COMP_WORDS[COMP_CWORD - 2]}}
    case $path:$prev in
{values}
    esac
    case $path in
{words}
    esac
    COMPREPLY=()
    while IFS= read -r word; do
        COMPREPLY+=("$word")
    done < <(compgen -W "${{words[*]}}" -- "$cur")
    case $path:$cur in
        *:-*) ;;
{places}
    esac
}} &&
    complete -F _{program} {program}
"""

BASH_VALUES = {"file": "compgen -o filenames -f", "folder": "compgen -d",
               "host": "compgen -A hostname", "user": "compgen -u"}


def bash_reply(command, indent):
    return "\n".join([
        f"{indent}COMPREPLY=()",
        f'{indent}while IFS= read -r word; do',
        f'{indent}    COMPREPLY+=("$word")',
        f'{indent}done < <({command} -- "$cur")'])


def bash_path(command):
    return "/".join((".", *command.path))


def bash(root):
    commands, values, words, places = [], [], [], []
    for command in root.all():
        path = bash_path(command)
        if command.path:
            commands.append(f"            {path}) path={path} ;;")
        for option in command.options:
            how = (f'compgen -W "{" ".join(option.choices)}"'
                   if option.choices else BASH_VALUES.get(kind(option)))
            if not option.names and how:
                places.append(f"        {path}:*)\n{bash_reply(how, ' ' * 12)}"
                              "\n            ;;")
            elif option.argument and not option.argument_optional:
                patterns = "|".join(f"{path}:{name}" for name in option.names)
                reply = bash_reply(how, " " * 12) + "\n" if how else ""
                if kind(option) == "file":
                    reply += "            compopt -o filenames\n"
                values.append(f"        {patterns})\n{reply}"
                              "            return\n            ;;")
        offered = [name for option in command.options for name in option.names]
        offered += [one.path[-1] for one in command.commands]
        words.append(f"        {path}) words=({' '.join(offered)}) ;;")
    return BASH.format(program=command_tree.PROGRAM,
                       commands="\n".join(commands), values="\n".join(values),
                       words="\n".join(words), places="\n".join(places))


# zsh: _arguments, a function for each command.

ZSH_VALUES = {"file": "_files", "folder": "_files -/", "host": "_hosts",
              "user": "_users", "none": " "}


def zsh_text(text):
    for character in "\\[]:'":
        text = text.replace(character, "'\\''" if character == "'"
                            else "\\" + character)
    return text


def zsh_spec(option):
    values = (f"({' '.join(option.choices)})" if option.choices
              else ZSH_VALUES[kind(option)])
    argument = zsh_text(option.argument.lower() or "argument")
    if not option.names:
        return [f"'{'' if option.required else ':'}:{argument}:{values}'"]
    # A long flag takes its value behind '=' too.
    optional = ":" if option.argument_optional else ""
    specs = []
    for name in option.names:
        equals = "=" if option.argument and name.startswith("--") else ""
        value = f":{optional}{argument}:{values}" if option.argument else ""
        specs.append(f"'*{name}{equals}[{zsh_text(option.help)}]{value}'")
    return specs


def zsh(root):
    functions = [f"#compdef {command_tree.PROGRAM}", ""]
    for command in root.all():
        name = "_".join(("", command_tree.PROGRAM, *command.path))
        specs = [spec for option in command.options
                 for spec in zsh_spec(option)]
        if command.commands:
            specs += ["'1:command:->command'", "'*::argument:->argument'"]
        lines = [f"{name}() {{",
                 "  local context state state_descr line",
                 "  typeset -A opt_args",
                 "  _arguments -S " + " \\\n    ".join(specs)]
        if command.commands:
            described = "\n".join(
                f"        '{one.path[-1]}:{zsh_text(one.help)}'"
                for one in command.commands)
            cases = "\n".join(f"        {one.path[-1]}) {name}_{one.path[-1]} ;;"
                              for one in command.commands)
            lines.append(f"""\
  case $state in
    command)
      local -a commands=(
{described}
      )
      _describe command commands
      ;;
    argument)
      case $line[1] in
{cases}
      esac
      ;;
  esac""")
        functions += [*lines, "}", ""]
    return "\n".join([*functions, f'_{command_tree.PROGRAM} "$@"', ""])


# fish: a condition for each command.

FISH = """\
# fish completion for {program}

# Whether exactly these commands have been given.
function __{program}_at
    set -l given
    for word in (commandline -opc)[2..]
        if contains -- $word {words}
            set -a given $word
        end
    end
    test "$given" = "$argv"
end

complete -c {program} -f
"""

FISH_VALUES = {"file": "-F", "folder": "-a '(__fish_complete_directories)'",
               "host": "-a '(__fish_print_hostnames)'",
               "user": "-a '(__fish_complete_users)'", "none": ""}


def fish_text(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def fish_line(condition, option):
    parts = [f"complete -c {command_tree.PROGRAM} -n {condition}"]
    for name in option.names:
        letters = name.lstrip("-")
        parts.append(f"-l {letters}" if name.startswith("--")
                     else f"-s {letters}")
    if option.names and option.argument and not option.argument_optional:
        parts.append("-x" if kind(option) != "file" else "-r")
    if option.argument:
        parts.append(f"-a '{' '.join(option.choices)}'" if option.choices
                     else FISH_VALUES[kind(option)])
    parts.append("-d " + fish_text(option.help))
    return " ".join(part for part in parts if part)


def fish(root):
    words = sorted({one.path[-1] for one in root.all() if one.path})
    lines = [FISH.format(program=command_tree.PROGRAM, words=" ".join(words))]
    for command in root.all():
        at = " ".join((f"__{command_tree.PROGRAM}_at", *command.path))
        condition = f"'{at}'"
        for option in command.options:
            if option.names or kind(option) != "none":
                lines.append(fish_line(condition, option))
        for one in command.commands:
            lines.append(f"complete -c {command_tree.PROGRAM} -n {condition} "
                         f"-a {one.path[-1]} -d {fish_text(one.help)}")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    print({"bash": bash, "zsh": zsh, "fish": fish}[sys.argv[2]](
        command_tree.read(sys.argv[1])), end="")
