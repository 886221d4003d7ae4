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

/** What may follow a sequence of commands. */
interface Following {
  /** Subcommands, choices of arguments, and options. */
  readonly words: readonly string[];
  /** Options that take a value, with the values that there are to choose from, if it is a choice. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** By the commands given so far: "" for the program, "config" or "config init" below it. */
type Words = ReadonlyMap<string, Following>;

function wordsOf(program: Command): Words {
  const all = new Map<string, Following>();
  const visit = (command: Command, path: readonly string[]): void => {
    const options = command.options.flatMap((option) => option.long ?? []);
    const choices = command.registeredArguments.flatMap((argument) => [...(argument.argChoices ?? [])]);
    const values = new Map<string, readonly string[]>();
    for (const { short, long, required, argChoices = [] } of command.options) {
      for (const flag of [short, long])
        if (required && flag !== undefined && flag !== null) values.set(flag, argChoices);
    }
    const words = [...command.commands.map((child) => child.name()), ...choices, ...options, "--help"];
    all.set(path.join(" "), { words, values });
    for (const child of command.commands) visit(child, [...path, child.name()]);
  };
  visit(program, []);
  return all;
}

/** One branch of a shell's `case` per known sequence of commands. */
function branches(words: Words, body: (following: Following) => string): string {
  return [...words].map(([key, following]) => `    "${key}") ${body(following)} ;;`).join("\n");
}

/** One branch per option that takes a value: its choices, or files. */
function valueBranches(words: Words): string {
  const lines: string[] = [];
  for (const [key, { values }] of words) {
    for (const [flag, choices] of values) {
      const reply = choices.length > 0 ? `-W "${choices.join(" ")}"` : "-f";
      lines.push(`    "${key} ${flag}") COMPREPLY=($(compgen ${reply} -- "$word")); return ;;`);
    }
  }
  return lines.join("\n");
}

function bash(words: Words): string {
  return `_siegert() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} path="" next="" k list=""
  # "--mode=x" reaches the shell as three words.
  if [[ $word == = ]]; then word=""; elif [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD-2]}; fi
  for ((k = 1; k < COMP_CWORD; k++)); do
    next="\${path:+$path }\${COMP_WORDS[k]}"
    case $next in
${branches(words, () => "path=$next")}
    esac
  done
  case "$path $before" in
${valueBranches(words)}
  esac
  case $path in
${branches(words, (following) => `list="${following.words.join(" ")}"`)}
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
  for (const [key, following] of words) {
    const condition = key === "" ? "__fish_use_subcommand" : `__fish_seen_subcommand_from ${key.split(" ").at(-1)}`;
    for (const word of following.words) {
      const choices = following.values.get(word);
      const value = choices === undefined ? "" : choices.length > 0 ? ` -x -a '${choices.join(" ")}'` : " -r";
      const what = word.startsWith("--") ? `-l ${word.slice(2)}${value}` : `-a ${word}`;
      lines.push(`complete -c siegert -n '${condition}' ${what}`);
    }
  }
  return lines.join("\n");
}
