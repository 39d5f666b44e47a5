// Runs an emulator in a process of its own: node child.ts <module URL> <start function> <folder>; prints the endpoint.
const [moduleUrl = '', start = '', folder = ''] = process.argv.slice(2);
const emulators = (await import(moduleUrl)) as Record<
  string,
  (options: { folder: string }) => Promise<{ endpoint: string }>
>;
console.log((await emulators[start]!({ folder })).endpoint);
