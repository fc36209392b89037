// Who may import whom (docs/architecture). Every rule is an error; the test beside infra/local/importRules shows each one firing.
const anyOf = names => `(?:${names.join('|')})`
const modules = ['auth', 'profile', 'integrations', 'events', 'recommender', 'notifier', 'admin']
// Tests, and the houses they build: testHouse.ts, testWorld.ts, …
const testSupport = '/test[A-Z]\\w*\\.ts$'
const testFiles = `(?:\\.test\\.tsx?$|${testSupport})`

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Files and modules depend on each other in one direction only.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'apps-use-sdk-ui-and-types-only',
      severity: 'error',
      comment: 'An app reaches the server through the SDK; it shares only ui and shared-types with the rest.',
      from: { path: '^apps/([^/]+)/' },
      to: {
        path: '^(apps|services|packages|infra|e2e|ml)/',
        pathNot: ['^apps/$1/', '^packages/(sdk-js|ui|shared-types)/'],
      },
    },
    {
      name: 'packages-use-kernel-and-shared-types-only',
      severity: 'error',
      comment: 'Packages know neither services nor apps, and of each other only kernel and shared-types.',
      from: { path: '^packages/([^/]+)/', pathNot: testFiles },
      to: {
        path: '^(apps|services|packages|infra|e2e|ml)/',
        pathNot: ['^packages/$1/', '^packages/(kernel|shared-types)/'],
      },
    },
    {
      name: 'kernel-imports-nothing-of-ours',
      severity: 'error',
      comment: 'The kernel is free of the product.',
      from: { path: '^packages/kernel/', pathNot: testFiles },
      to: { path: '^(apps|services|packages|infra|e2e|ml)/', pathNot: '^packages/kernel/' },
    },
    {
      name: 'gateway-imports-packages-only',
      severity: 'error',
      comment: 'Modules are handed to the gateway; it imports none.',
      from: { path: '^services/gateway/', pathNot: testFiles },
      to: { path: '^(apps|services|infra|e2e|ml)/', pathNot: '^services/gateway/' },
    },
    {
      name: 'modules-use-doors',
      severity: 'error',
      comment:
        "A module reaches another one through its index.ts only; the same holds for the api's composition root.",
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: ['^services/$1/', '^services/[^/]+/index\\.ts$'] },
    },
    {
      name: 'modules-do-not-know-api-or-gateway',
      severity: 'error',
      comment: 'The api composes modules and the gateway carries their routes, never the other way round.',
      from: { path: `^services/${anyOf(modules)}/`, pathNot: testFiles },
      to: { path: '^services/(api|gateway)/' },
    },
    {
      name: 'services-do-not-import-outward',
      severity: 'error',
      comment: 'Services import services and packages; tests may use infra/local for a database.',
      from: { path: '^services/', pathNot: testFiles },
      to: { path: '^(apps|infra|e2e|ml)/' },
    },
    {
      name: 'sandbox-is-for-demo-and-tests',
      severity: 'error',
      comment: 'Production code never imports the stand-in providers.',
      from: { path: '^(services|apps|packages|infra)/', pathNot: ['^packages/sandbox/', testFiles] },
      to: { path: '^packages/sandbox/' },
    },
    {
      name: 'test-support-is-for-tests',
      severity: 'error',
      comment:
        'What only tests may reach, the sandbox and infra/local, must not come in through their helpers.',
      from: { path: '^(services|packages|apps)/', pathNot: testFiles },
      to: { path: `^(?:services|packages|apps)/.*${testSupport}` },
    },
    {
      name: 'ui-and-sdk-stay-out-of-services',
      severity: 'error',
      comment: 'What runs in a browser is not imported by the server.',
      from: { path: '^services/', pathNot: testFiles },
      to: { path: '^packages/(ui|sdk-js)/' },
    },
    {
      name: 'only-events-knows-nats',
      severity: 'error',
      comment: 'Feature code publishes to the in-process bus; NATS is its mirror.',
      from: { path: '^(services|apps|packages)/', pathNot: '^services/events/' },
      to: { path: '@nats-io/' },
    },
    {
      name: 'imports-resolve',
      severity: 'error',
      comment: 'An import that does not resolve would escape every rule above.',
      from: {},
      to: { couldNotResolve: true, pathNot: ['\\.css$', '^@fontsource'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(\\.next|gen|dist)/' },
    tsPreCompilationDeps: true,
    preserveSymlinks: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json', '.d.ts'],
    },
    cache: { folder: 'node_modules/.cache/dependency-cruiser', strategy: 'content' },
  },
}
