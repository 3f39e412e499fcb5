import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { getMetadataStorage, validateSync } from 'class-validator';
import type { ServiceConfig } from './service.config.js';

/** The environment does not hold what the service needs; the message lists every problem and no value. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
  }
}

/**
 * Reads and checks a service's configuration. An empty variable counts as absent. `NAME_FILE` is read from the file
 * that it names.
 * @throws ConfigurationError with every problem at once
 */
export function loadConfig<C extends ServiceConfig>(
  type: new () => C,
  env: Readonly<Record<string, string | undefined>>,
): C {
  const { config, problems } = readConfig(type, env);
  if (problems.length) throw new ConfigurationError(problems);
  return config;
}

/**
 * The configuration as far as it can be read, with what is wrong with it; for commands that print documents and connect
 * to nothing.
 */
export function readConfig<C extends ServiceConfig>(
  type: new () => C,
  env: Readonly<Record<string, string | undefined>>,
): { config: C; problems: string[] } {
  const config = new type();
  const problems: string[] = [];
  for (const name of settingsOf(type)) {
    try {
      const text = valueOf(env, name);
      if (text !== undefined) Object.assign(config, { [name]: convert(type, name, text) });
    } catch {
      problems.push(`${name}_FILE names a file that cannot be read`);
    }
  }
  for (const error of validateSync(config, { forbidUnknownValues: false })) {
    const absent = valueMissing(config, error.property);
    problems.push(
      `${error.property} ${
        absent
          ? 'is required'
          : Object.values(error.constraints ?? {})
              .map((message) => message.replace(new RegExp(`^${error.property} `), ''))
              .join(' and ')
      }`,
    );
  }
  return { config, problems };
}

/** Names of the variables that a configuration class reads. */
export function settingsOf(type: new () => ServiceConfig): string[] {
  return [
    ...new Set(
      getMetadataStorage()
        .getTargetValidationMetadatas(type, '', false, false)
        .map((rule) => rule.propertyName),
    ),
  ];
}

function valueOf(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  if (env[name]) return env[name];
  const file = env[`${name}_FILE`];
  return file ? readFileSync(file, 'utf8').trim() : undefined;
}

function convert(type: new () => ServiceConfig, name: string, text: string): unknown {
  const declared: unknown = Reflect.getMetadata('design:type', type.prototype as object, name);
  if (declared === Number) return text.trim() === '' ? NaN : Number(text);
  if (declared === Boolean) return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

function valueMissing(config: object, name: string): boolean {
  const value = (config as Record<string, unknown>)[name];
  return value === undefined || value === '';
}
