// Commands and options → a script with which a shell completes them.
import { completionWords, type Shell } from '../config/index.ts';

/** The answer to `completion SHELL`, without a line feed at its end. */
export function completionScript(shell: Shell): string {
  if (shell === 'fish') return fish();
  // zsh reads bash's form when it is told to
  return shell === 'zsh' ? `autoload -U +X bashcompinit && bashcompinit\n${bash()}` : bash();
}

/** Where no word fits, files complete. */
function bash(): string {
  const { commands, flags } = completionWords();
  const words = [...commands.map(({ name }) => name), ...flags.map(({ name }) => `--${name}`)];
  const choices = flags.filter(({ values }) => values.length > 0);
  const cases = choices.map(({ name, values }) => `    --${name}) words='${values.join(' ')}' ;;`);
  return `_target_iomete() {
  local words='${words.join(' ')}'
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _target_iomete target-iomete`;
}

function fish(): string {
  const { commands, flags } = completionWords();
  const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const begin = 'complete -c target-iomete';
  return [
    ...commands.map(({ name, text }) => `${begin} -n __fish_use_subcommand -a ${name} -d ${quoted(text)}`),
    ...flags.map(({ name, text, values, takesValue }) => {
      const value = values.length > 0 ? ` -x -a ${quoted(values.join(' '))}` : takesValue ? ' -r' : '';
      return `${begin} -l ${name}${value} -d ${quoted(text)}`;
    }),
  ].join('\n');
}
