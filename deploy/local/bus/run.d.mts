/** Does what the arguments of `npm run bus` say. @returns the exit code */
export function runBus(
  args: string[],
  env: NodeJS.ProcessEnv,
  print: (text: string) => void,
  complain: (text: string) => void,
): Promise<number>;

/** Shows the control characters of a text instead of having a terminal do what they say. */
export function visible(text: string): string;
