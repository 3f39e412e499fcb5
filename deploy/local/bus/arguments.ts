import { parseArgs } from 'node:util';
import { services } from '../settings.js';

/** What a person asked for. */
export interface Wish {
  services: string[];
  command: string;
  /** what the command is about: a record's number, a consumer's name or a job's id */
  target: string | undefined;
  options: Record<string, string | boolean | undefined>;
}

/** Asked wrongly; the message says how it is done. */
export class WrongUse extends Error {}

const selection = ['consumer', 'id', 'key', 'topic', 'error', 'since', 'until'];

/**
 * The commands: what they are about, the options each takes and those it cannot do without, at all or with --execute.
 */
export const commands: Record<
  string,
  { target?: string; options: string[]; needs?: string[]; executeNeeds?: string[]; help: string }
> = {
  consumers: {
    options: ['partitions'],
    help: 'consumer groups: lag, pause, parked records (--partitions: each partition)',
  },
  outbox: { options: [], help: 'events that wait to be sent, and which relay sends them' },
  parked: {
    options: ['list', 'status', 'limit', ...selection.filter((name) => name !== 'id')],
    help: 'what is parked, by error and by key; with --list or a filter the records themselves',
  },
  show: {
    target: 'record',
    options: ['value', 'save'],
    help: 'one parked record; --value shows its value too, --save FILE writes the value to a file (both are kept among the operations)',
  },
  repair: {
    target: 'record',
    options: ['value', 'reason'],
    needs: ['value', 'reason'],
    help: 'gives a record the value of a JSON file: --value FILE --reason TEXT',
  },
  replay: {
    options: [...selection, 'execute', 'reason'],
    needs: ['consumer'],
    executeNeeds: ['reason'],
    help: 'tries parked records of --consumer; with --execute --reason TEXT for good',
  },
  reread: {
    target: 'consumer',
    options: ['topic', 'type', 'since', 'execute', 'reason'],
    needs: ['topic', 'type', 'since'],
    executeNeeds: ['reason'],
    help: 'counts what a consumer passed over before it took --type of --topic, --since TIME; with --execute --reason TEXT gives it that, each event once',
  },
  skip: {
    options: [...selection, 'execute', 'reason'],
    needs: ['consumer'],
    executeNeeds: ['reason'],
    help: 'counts the records of --consumer with --id, --key or --error; with --execute --reason TEXT gives them up',
  },
  pause: {
    target: 'consumer',
    options: ['reason'],
    needs: ['reason'],
    help: 'pauses a consumer in every process until it is resumed: --reason TEXT',
  },
  resume: {
    target: 'consumer',
    options: ['reason', 'park-for'],
    help: 'lets a paused consumer go on; --park-for MINUTES --reason TEXT: also one that the breaker holds, parking whatever it cannot take',
  },
  reset: {
    options: ['consumer', 'topic', 'to', 'reason', 'execute'],
    needs: ['consumer', 'topic', 'to'],
    executeNeeds: ['reason'],
    help: 'moves a consumer: --to end after records were lost, --to start only if the topic was made anew and ends before its position (else: rebuild, or replay); with --execute --reason TEXT for good',
  },
  republish: {
    options: ['topic', 'id', 'reason'],
    needs: ['topic', 'reason'],
    help: 'sends the current state of everything on a state topic again, or of one --id: --reason TEXT',
  },
  rebuild: {
    options: ['consumer', 'execute', 'reason'],
    executeNeeds: ['reason'],
    help: 'makes stores anew from the first offset beside those in use and tells what differs; with --execute --reason TEXT corrects it',
  },
  job: {
    target: 'job',
    options: [],
    help: 'follows a replay, republication or rebuild that was begun to its end, and tells what came of it',
  },
  jobs: {
    options: ['state', 'limit'],
    help: 'such jobs, and imports and exports, newest first: --state waiting, running, succeeded, failed or cancelled',
  },
  cancel: { target: 'job', options: [], help: 'ends such a job after the piece at hand; what it did stays' },
  operations: { options: ['consumer', 'action', 'limit'], help: 'what operators did, newest first' },
};

const flags = ['json', 'help', 'execute', 'list', 'partitions'];
const texts = [
  'consumer',
  'id',
  'key',
  'topic',
  'type',
  'error',
  'since',
  'until',
  'status',
  'state',
  'limit',
  'reason',
  'to',
  'action',
  'save',
  'endpoints',
  'park-for',
];

export const help = `npm run bus -- SERVICE COMMAND [options]

SERVICE   one of ${services.join(', ')}, or all
COMMAND
${Object.entries(commands)
  .map(
    ([name, { target, help: text }]) => `  ${`${name}${target ? ` ${target.toUpperCase()}` : ''}`.padEnd(18)} ${text}`,
  )
  .join('\n')}

Filters   --consumer NAME  --id RECORD  --key KEY  --topic TOPIC  --error CLASS  --since TIME  --until TIME
          (TIME like 2026-01-31T08:00+07:00; replay and skip take what waits; a replay takes every record of a key that one of them has)
--json    the gateway's answers as JSON instead of tables (npm run --silent bus -- … prints nothing else)
Nothing that is replayed, re-read, skipped, reset or rebuilt is changed without --execute.

Addresses and an administrator's token come from the running stack (.local/endpoints.json, or --endpoints FILE).
For an installation: QUEN_URL=https://sales.example (or https://{service}.example) and QUEN_TOKEN=an access token.
Ends with 0 when done, 1 when refused or failed, 2 on wrong use, 3 when a service cannot be reached.`;

/** @throws {WrongUse} */
export function readWish(args: string[]): Wish | 'help' {
  const { values, positionals } = parsed(args);
  const [service, command, target, ...rest] = positionals;
  if (values.help || (!service && args.length === 0)) return 'help';
  const known = services as readonly string[];
  if (!service || (service !== 'all' && !known.includes(service)))
    throw new WrongUse(
      `${service ? `There is no service ${service}` : 'Say which service'}: ${known.join(', ')} or all.`,
    );
  const wanted = command && Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (!command || !wanted)
    throw new WrongUse(
      `${command ? `There is no command ${command}` : 'Say what to do'}: ${Object.keys(commands).join(', ')}.`,
    );
  if (wanted.target && !target)
    throw new WrongUse(
      `Say which ${wanted.target}: npm run bus -- ${service} ${command} ${wanted.target.toUpperCase()}`,
    );
  if (target && wanted.target === 'record' && !/^\d{1,18}$/.test(target))
    throw new WrongUse(`${target} is no record's number: npm run bus -- ${service} parked tells them.`);
  const surplus = wanted.target ? rest : [target, ...rest].filter((each) => each !== undefined);
  if (surplus.length) throw new WrongUse(`${surplus.join(' ')}: ${command} takes nothing like that.`);
  if (service === 'all' && !['consumers', 'outbox', 'parked', 'jobs', 'operations'].includes(command))
    throw new WrongUse(`${command} is done in one service: name it instead of all.`);
  const allowed = [...wanted.options, 'json', 'help', 'endpoints'];
  const foreign = Object.keys(values).filter((name) => !allowed.includes(name));
  if (foreign.length)
    throw new WrongUse(
      `${command} takes no --${foreign[0]}; it takes ${allowed.map((name) => `--${name}`).join(', ')}.`,
    );
  const empty = Object.keys(values).find((name) => values[name] === '');
  if (empty) throw new WrongUse(`--${empty} needs a value.`);
  if (command === 'skip' && !values.id && !values.key && !values.error)
    throw new WrongUse('skip needs --id, --key or --error.');
  const missing = [...(wanted.needs ?? []), ...(values.execute ? (wanted.executeNeeds ?? []) : [])].filter(
    (name) => !values[name],
  );
  if (missing.length)
    throw new WrongUse(
      `${command}${values.execute ? ' --execute' : ''} needs ${missing.map((name) => `--${name}`).join(' and ')}.`,
    );
  return { services: service === 'all' ? [...known] : [service], command, target, options: values };
}

function parsed(args: string[]): { values: Record<string, string | boolean | undefined>; positionals: string[] } {
  // the same word shows a value and names the file of one
  const value = args.includes('repair') ? 'string' : 'boolean';
  try {
    const { values, positionals, tokens } = parseArgs({
      args,
      allowPositionals: true,
      tokens: true,
      options: {
        ...Object.fromEntries(flags.map((name) => [name, { type: 'boolean' as const }])),
        ...Object.fromEntries(texts.map((name) => [name, { type: 'string' as const }])),
        value: { type: value },
      },
    });
    const given = tokens.flatMap((token) => (token.kind === 'option' ? [String(token.name)] : []));
    const twice = given.find((name, index) => given.indexOf(name) < index);
    if (twice)
      throw new WrongUse(
        `--${twice} is given twice.${twice === 'consumer' && args.includes('rebuild') ? ' Separate several consumers by commas.' : ''}`,
      );
    return { values: values as Record<string, string | boolean | undefined>, positionals };
  } catch (error) {
    if (error instanceof WrongUse) throw error;
    throw new WrongUse(misreading(error as Error & { code?: string }));
  }
}

/** Node's words for a wrong option, without its advice on dashes. */
function misreading({ code, message }: Error & { code?: string }) {
  const [, option] = /'(?:-\w, )?(--?[\w-]+)/.exec(message) ?? [];
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `There is no option ${option}.`;
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE')
    return / argument missing| ambiguous/.test(message) ? `${option} needs a value.` : `${option} takes no value.`;
  return message;
}
