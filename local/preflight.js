// Plain old JavaScript without imports: it has to run on the very Node that is too old for the rest.
if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    'This needs Node 24 and is running on Node ' +
      process.versions.node +
      ': run `npm install` and then use `npm start` or `npm run …`, which bring their own Node 24 (`npm install` must not omit optional dependencies).',
  );
  process.exit(1);
}
