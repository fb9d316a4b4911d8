import { describe, expect, it } from 'vitest';
import { loadConfig, parseArguments } from '../../../src/config/index.ts';
import { optionNames } from '../../../src/config/option-names.ts';

describe('the command line', () => {
  it('asks for a run when it is empty', async () => {
    expect(await parseArguments([])).toEqual({
      command: 'run',
      configFiles: [],
      input: undefined,
      remove: false,
      streams: [],
      aboutFormat: 'text',
      flags: [],
      problems: [],
    });
  });

  it('takes several configuration files in their order, and an input file', async () => {
    const given = await parseArguments(['--config', 'a.json', '-c', 'b.json', '--config=ENV', '--input', 'tap.singer']);
    expect(given).toMatchObject({ configFiles: ['a.json', 'b.json', 'ENV'], input: 'tap.singer', problems: [] });
  });

  it.each([
    [['--version'], 'version'],
    [['--help'], 'help'],
    [['-h'], 'help'],
    [['--about'], 'about'],
    [['--config', 'a.json', '--version'], 'version'],
    [['--frobnicate', '--help'], 'help'],
    [['clean'], 'clean'],
    [['clean', '--config', 'a.json', '--remove'], 'clean'],
    [['--config', 'a.json', 'clean'], 'clean'],
    [['--hard-delete', 'clean'], 'clean'],
    [['--config', 'clean'], 'run'],
    [['clean', '--help'], 'help'],
    [['check', '--config', 'a.json', '--format=json'], 'check'],
    [['reset', 'clean'], 'reset'],
  ])('%j asks for %s', async (args, command) => {
    expect((await parseArguments(args)).command).toBe(command);
  });

  it.each([
    [['--help'], undefined],
    [['--help', 'duckdb'], 'duckdb'],
    [['-h', 'all'], 'all'],
    [['check', '--help'], 'check'],
    [['--help', 'clean'], 'clean'],
    [['--help', 'LOAD_FAILED'], 'LOAD_FAILED'],
    [['--help', 'constructor'], undefined],
    [['--help', 'hunter2'], undefined],
  ])('%j asks for help of %s', async (args, topic) => {
    expect(await parseArguments(args)).toMatchObject({ command: 'help', topic });
  });

  it.each(['-abc', '"quoted"', "'q'", '=x', 'a=b', '', '0123', '1e5', '{"a.b":1}', '__proto__', 'true', 'é\n'])(
    'the text %j is a value as it stands, after a blank and after =',
    async (text) => {
      const flags = [expect.objectContaining({ name: 'password', text })];
      expect(await parseArguments(['--password', text])).toMatchObject({ flags, problems: [] });
      expect(await parseArguments([`--password=${text}`])).toMatchObject({ flags, problems: [] });
    },
  );

  it.each(['constructor', '__proto__', 'toString', 'constructor.prototype.x'])(
    'the flag --%s is unknown',
    async (name) => {
      const problems = [expect.stringMatching(/^--\w+ is not an option/)];
      expect(await parseArguments([`--${name}`, 'x'])).toMatchObject({ flags: [], problems });
      expect(await parseArguments([`--${name}=x`])).toMatchObject({ flags: [], problems });
    },
  );

  it.each([
    [['plan', '--tap-catalog', 'c.json'], { tapCatalog: 'c.json', input: undefined }],
    [['plan', '--input=a.singer', '--format=json'], { tapCatalog: undefined, input: 'a.singer', aboutFormat: 'json' }],
  ])('%j asks for a plan', async (args, asked) => {
    expect(await parseArguments(args)).toMatchObject({ command: 'plan', ...asked, problems: [] });
  });

  it.each(['bash', 'zsh', 'fish'])('completion takes the shell %s', async (shell) => {
    expect(await parseArguments(['completion', shell])).toMatchObject({ command: 'completion', shell, problems: [] });
  });

  it.each([
    [['completion'], 'completion needs the name of a shell: bash, zsh, fish'],
    [['completion', 'bash', '--remove'], '--remove goes with "clean" and "reset" only'],
  ])('%j is refused', async (args, problem) => {
    await expect(parseArguments(args)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `1 problem in the configuration:\n- ${problem}`,
    });
  });

  it.each([
    [['about'], 'text'],
    [['about', '--format=json'], 'json'],
    [['--about'], 'text'],
    [['--about', '--format=json'], 'json'],
    [['--about', '--format', 'markdown'], 'markdown'],
    [['--about=json'], 'json'],
    [['--format', 'text', '--about'], 'text'],
  ])('%j asks for the description as %s', async (args, aboutFormat) => {
    expect(await parseArguments(args)).toMatchObject({ command: 'about', aboutFormat });
  });

  it.each([[['--about=yaml']], [['--about', '--format', 'yaml']]])('%j is refused', async (args) => {
    await expect(parseArguments(args)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: '1 problem in the configuration:\n- the format of --about must be text, json, markdown',
    });
  });

  it('takes every option with underscores and with dashes', async () => {
    for (const name of optionNames) {
      for (const written of [`--${name}`, `--${name.replaceAll('_', '-')}`]) {
        const expected = { flags: [{ name, text: 'true', written }], problems: [] };
        expect(await parseArguments([written, 'true'])).toMatchObject(expected);
        expect(await parseArguments([`${written}=true`])).toMatchObject(expected);
      }
    }
  });

  it('takes an alias for its option', async () => {
    const { flags } = await parseArguments(['--max-parallelism', '3']);
    expect(flags).toEqual([{ name: 'parallelism_max', text: '3', written: '--max-parallelism' }]);
  });

  it('takes negative numbers, and true/false flags with and without their value', async () => {
    const args = [
      '--parallelism',
      '-1',
      '--hard-delete',
      '--no-compression',
      'false',
      '--tls-verify=false',
      '--port',
      '1',
    ];
    const { flags, problems } = await parseArguments(args);
    expect(problems).toEqual([]);
    expect(flags.map(({ name, text }) => [name, text])).toEqual([
      ['parallelism', '-1'],
      ['hard_delete', 'true'],
      ['no_compression', 'false'],
      ['tls_verify', 'false'],
      ['port', '1'],
    ]);
  });

  it('takes a true/false flag at the end without its value', async () => {
    expect(await parseArguments(['--hard-delete'])).toMatchObject({
      flags: [{ name: 'hard_delete', text: 'true' }],
      problems: [],
    });
  });

  it('removes only when told so', async () => {
    expect(await parseArguments(['clean'])).toMatchObject({ remove: false, problems: [] });
    expect(await parseArguments(['clean', '--dry-run'])).toMatchObject({ remove: false, problems: [] });
    expect(await parseArguments(['clean', '--remove'])).toMatchObject({ remove: true, problems: [] });
    const reset = await parseArguments(['reset', 'orders', '--config', 'a.json', 'public-users', '--remove']);
    expect(reset).toMatchObject({ remove: true, streams: ['orders', 'public-users'], problems: [] });
  });

  it.each([
    [['clean', '--remove=false'], { remove: false }],
    [['clean', '--no-remove'], { remove: false }],
    [['reset', 'bash'], { shell: undefined, streams: ['bash'] }],
    [['check', '--tls-verify', 'false'], { streams: [] }],
    [['-cmy.json'], { configFiles: ['my.json'] }],
    [['-ca=b.json'], { configFiles: ['a=b.json'] }],
    [['-c', 'my.json'], { configFiles: ['my.json'] }],
    [['--help', '--format=json'], { command: 'help' }],
    [['--help', '--remove'], { command: 'help' }],
    [['--version', '--input=a', '--dry-run'], { command: 'version' }],
    [['--help', '--tap-catalog=a'], { command: 'help' }],
    [['about', '--input=a', '--remove'], { command: 'about' }],
    [['--input=a'], { command: 'run', input: 'a' }],
  ])('%j is understood', async (args, asked) => {
    expect(await parseArguments(args)).toMatchObject({ ...asked, problems: [] });
  });

  it.each([
    ['--no-hard-delete', 'hard_delete', 'false'],
    ['--no-tls-verify', 'tls_verify', 'false'],
    ['--no-no-compression', 'no_compression', 'false'],
    ['--no-compression', 'no_compression', 'true'],
  ])('%s gives %s the value %s', async (written, name, text) => {
    expect(await parseArguments([written])).toMatchObject({ flags: [{ name, text, written }], problems: [] });
  });

  it.each([
    [['--no-host'], ['--no-host is not an option']],
    [['--no-config'], ['--no-config is not an option; did you mean --config?']],
    [['--format=json', '--no-about'], ['--format goes with "check", "plan" and --about only']],
    [['--no-hard-delete=true'], ['--no-hard-delete is not an option; did you mean --hard-delete?']],
    [['--xx-hard-delete'], [expect.stringMatching(/^--xx-hard-delete is not an option/)]],
    [['--dry-run'], ['--dry-run goes with "clean" and "reset" only; "plan" says what a run would do']],
    [['--no-such'], [expect.stringMatching(/^--no-such is not an option/)]],
    [['--no-hard-delete', 'x'], [expect.stringMatching(/^argument 2 has no flag before it/)]],
    [['-hx'], ['-h is not an option']],
    [['a--host=b'], [expect.stringMatching(/^argument 1 has no flag before it/)]],
    [['--frobnicate', '-c', 'my.json'], ['--frobnicate is not an option']],
    [['check', '--hard-delete', 'clean'], ['"clean" is a second command: give one']],
    [['--hard-delete', '--port=1', 'perhaps'], [expect.stringMatching(/^argument 3 has no flag before it/)]],
    [
      ['--', 'x', 'y'],
      [expect.stringMatching(/^argument 2 has/), expect.stringMatching(/^argument 3 has/)],
    ],
    [['clean', 'up'], [expect.anything()]],
  ])('%j has these problems', async (args, problems) => {
    expect(await parseArguments(args)).toMatchObject({ problems });
  });

  it('takes the words behind a command for streams of reset alone', async () => {
    expect(await parseArguments(['clean', 'orders'])).toMatchObject({ streams: [] });
  });

  it('lets the last of one flag win', async () => {
    const given = await parseArguments(['--destination=duckdb', '--port', '1', '--port', '2']);
    expect((await loadConfig(given, {})).options.port).toBe(2);
  });

  it.each([
    [['--bach-size-rows', '1'], ['--bach-size-rows is not an option; did you mean --batch-size-rows?']],
    [['--batch_sizerows=1'], ['--batch_sizerows is not an option; did you mean --batch-size-rows?']],
    [['--s3-kms-key-idd', 'x'], ['--s3-kms-key-idd is not an option; did you mean --s3-kms-key-id?']],
    [['--verion'], ['--verion is not an option; did you mean --version?']],
    [['--frobnicate'], ['--frobnicate is not an option']],
    [['-x'], ['-x is not an option']],
    [['-xyz'], ['-x is not an option']],
    [['--__proto__', 'x'], ['--__proto__ is not an option']],
    [['--host'], ['--host needs a value']],
    [['--host', '--user', 'me'], ['--host needs a value']],
    [['--config'], ['--config needs a value']],
    [
      ['hunter2'],
      ['argument 1 has no flag before it: add the flag, or remove the argument (it is not shown, as it may be secret)'],
    ],
    [['config.json'], ['"config.json" has no flag before it; did you mean --config config.json?']],
    [['x.singer'], ['"x.singer" has no flag before it; did you mean --input x.singer?']],
    [['cleanup'], ['"cleanup" is not a command; did you mean clean?']],
    [['help'], ['"help" is not a command; did you mean --help?']],
    [['--hard-delete', 'perhaps'], ['only true or false may follow --hard-delete, and argument 2 is something else']],
    [
      ['--hard-delete=true', 'perhaps'],
      ['argument 2 has no flag before it: add the flag, or remove the argument (it is not shown, as it may be secret)'],
    ],
    [['--format', 'json'], ['--format goes with "check", "plan" and --about only']],
    [['--config', 'a.json', 'b.json'], ['"b.json" has no flag before it; did you mean --config b.json?']],
    [['--remove'], ['--remove goes with "clean" and "reset" only']],
    [['clean', '--remove', '--dry-run'], ['--remove and --dry-run exclude each other']],
    [['clean', '--input', 'tap.singer'], ['--input goes with a run and "plan" only']],
    [['reset', 'a', '--input=a'], ['--input goes with a run and "plan" only']],
    [['--tap-catalog=a'], ['--tap-catalog goes with "plan" only']],
    [['check', '--tap-catalog=a'], ['--tap-catalog goes with "plan" only']],
    [['plan', '--tap-catalog=a', '--input=b'], ['--tap-catalog and --input exclude each other']],
    [['plan', '--tap-catalog'], ['--tap-catalog needs a value']],
    [['plan', '--format=markdown'], ['the format of plan must be text, json']],
    [['plan', '--remove'], ['--remove goes with "clean" and "reset" only']],
    [['check', '--remove'], ['--remove goes with "clean" and "reset" only']],
    [['check', '--format', 'markdown'], ['the format of check must be text, json']],
    [['check', 'clean'], ['"clean" is a second command: give one']],
    [['reset'], ['reset needs the names of streams: target-iomete reset STREAM']],
    [['clean', '--format', 'json'], ['--format goes with "check", "plan" and --about only']],
    [
      ['--', 'x'],
      ['argument 2 has no flag before it: add the flag, or remove the argument (it is not shown, as it may be secret)'],
    ],
    [['--'], []],
    [
      ['clean', 'up'],
      ['argument 2 has no flag before it: add the flag, or remove the argument (it is not shown, as it may be secret)'],
    ],
    [
      ['--hots', 'h', '--prot', '1'],
      ['--hots is not an option; did you mean --host?', '--prot is not an option; did you mean --port?'],
    ],
  ])('says what is wrong with %j, once', async (args, problems) => {
    expect((await parseArguments(args)).problems).toEqual(problems);
  });
});
