import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** How long a commit took to show its effect in another service. */
export interface Delay {
  what: string;
  from: string;
  to: string;
  ms: number;
}

/** What is kept. */
export interface Content {
  installation: string;
  startedAt: string;
  finishedAt?: string;
  /** What each step gave, by its name. */
  steps: Record<string, unknown>;
  delays: Delay[];
  chapters: { title: string; lines: string[] }[];
}

/**
 * The story as it is written: what each step found out, kept on disk after every step, so that a story that was
 * interrupted goes on where it stopped.
 */
export class Book {
  readonly #file: string;
  #content: Content;

  /** @param installation id that is new with every fresh database; a book of another one is put aside */
  constructor(file: string, installation: string) {
    this.#file = file;
    const kept = read(file);
    this.#content =
      kept?.installation === installation
        ? kept
        : { installation, startedAt: new Date().toISOString(), steps: {}, delays: [], chapters: [] };
  }

  get key() {
    return `story-${this.#content.installation}`;
  }

  get content() {
    return this.#content;
  }

  /** Does `work` once and keeps what it returned (JSON); afterwards gives the kept result. */
  async step<T>(name: string, work: (key: string) => T | Promise<T>): Promise<T> {
    if (!(name in this.#content.steps)) {
      const result = await work(`${this.key}-${name}`);
      this.#content.steps[name] = result ?? null;
      this.#write();
      console.log(`  ✓ ${name}`);
    }
    return this.#content.steps[name] as T;
  }

  /** Notes how long a commit took to show its effect in another service. */
  delay(what: string, from: string, to: string, ms: number) {
    this.#content.delays.push({ what, from, to, ms: Math.round(ms) });
    this.#write();
  }

  /** A chapter of the story: its title and lines; told once. */
  tell(title: string, lines: string[]) {
    this.#content.chapters = [...this.#content.chapters.filter((chapter) => chapter.title !== title), { title, lines }];
    this.#write();
  }

  close() {
    this.#content.finishedAt ??= new Date().toISOString();
    this.#write();
  }

  #write() {
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#content, null, 2));
    renameSync(`${this.#file}.new`, this.#file);
  }
}

function read(file: string): Content | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Content;
  } catch {
    return undefined;
  }
}
