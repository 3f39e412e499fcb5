/** Does what the arguments of `npm run bus` say. @returns the exit code */
export function runBus(args: string[], env: NodeJS.ProcessEnv, print: (text: string) => void, complain: (text: string) => void): Promise<number>;
