// Preloaded into a service under test: it ends with the test run, even when that was killed.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.channel?.unref();
