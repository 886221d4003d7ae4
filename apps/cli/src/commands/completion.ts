import { Argument, Command } from "commander";
import { examples } from "../terminal/examples.ts";
import { choiceOption } from "../terminal/option-values.ts";
import { line, type Streams } from "../terminal/streams.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;

/** Prints a completion script, made from the commands and options as they are. */
export function completionCommand(streams: Streams, program: Command): Command {
  return new Command("completion")
    .description("Print a script that completes commands and options in your shell.")
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS).argParser(choiceOption("shell", SHELLS)))
    .addHelpText(
      "after",
      examples([
        ['eval "$(siegert completion bash)"', "in ~/.bashrc"],
        ['eval "$(siegert completion zsh)"', "in ~/.zshrc"],
        ["siegert completion fish | source", "in ~/.config/fish/config.fish"],
      ]),
    )
    .action((shell: (typeof SHELLS)[number]) => {
      line(streams.out, { bash, zsh, fish }[shell](wordsOf(program)));
    });
}

/** Words that may follow a sequence of commands: "" for the program, "config" or "config init" below it. */
type Words = ReadonlyMap<string, readonly string[]>;

function wordsOf(program: Command): Words {
  const words = new Map<string, readonly string[]>();
  const visit = (command: Command, path: readonly string[]): void => {
    const options = command.options.map((option) => option.long).filter((long) => long !== undefined);
    const choices = command.registeredArguments.flatMap((argument) => [...(argument.argChoices ?? [])]);
    words.set(path.join(" "), [...command.commands.map((child) => child.name()), ...choices, ...options, "--help"]);
    for (const child of command.commands) visit(child, [...path, child.name()]);
  };
  visit(program, []);
  return words;
}

/** One branch of a shell's `case` per known sequence of commands. */
function branches(words: Words, body: (key: string, list: string) => string): string {
  return [...words].map(([key, list]) => `    "${key}") ${body(key, list.join(" "))} ;;`).join("\n");
}

function bash(words: Words): string {
  return `_siegert() {
  local word=\${COMP_WORDS[COMP_CWORD]} path="" next="" k list=""
  for ((k = 1; k < COMP_CWORD; k++)); do
    next="\${path:+$path }\${COMP_WORDS[k]}"
    case $next in
${branches(words, () => "path=$next")}
    esac
  done
  case $path in
${branches(words, (_key, list) => `list="${list}"`)}
  esac
  COMPREPLY=($(compgen -W "$list" -- "$word") $(compgen -f -- "$word"))
}
complete -o filenames -F _siegert siegert`;
}

function zsh(words: Words): string {
  return `autoload -U +X bashcompinit && bashcompinit
${bash(words)}`;
}

function fish(words: Words): string {
  const lines: string[] = [];
  for (const [key, list] of words) {
    const condition = key === "" ? "__fish_use_subcommand" : `__fish_seen_subcommand_from ${key.split(" ").at(-1)}`;
    for (const word of list) {
      const what = word.startsWith("--") ? `-l ${word.slice(2)}` : `-a ${word}`;
      lines.push(`complete -c siegert -n '${condition}' ${what}`);
    }
  }
  return lines.join("\n");
}
