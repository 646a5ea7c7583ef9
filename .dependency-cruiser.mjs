// The walls of the house, each with its reason.
const only = (name, comment, owner, to) => ({
  name,
  comment,
  severity: 'error',
  from: { pathNot: [`^(${owner})`, '^node_modules'] },
  to: { path: to },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one file, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'domain-is-pure',
      comment:
        'Rules are tested without a database and run anywhere: they import nothing of the house.',
      severity: 'error',
      from: { path: '^domain/' },
      to: { path: '^[^/]+(/|\\.ts$)', pathNot: ['^domain/', '^node_modules/'] },
    },
    {
      name: 'domain-does-no-io',
      comment: 'What reads files, the network or the clock belongs to the edges.',
      severity: 'error',
      from: { path: '^domain/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'workflows-are-thin',
      comment:
        'A workflow holds time and order alone; anything else it imported would be replayed for ever.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: {
        pathNot: ['^workflows/', '^node_modules/@temporalio/'],
        dependencyTypesNot: ['type-only'],
      },
    },
    only(
      'store-alone-knows-prisma',
      'The database is reached through one file for each aggregate.',
      'store/|prisma|test/',
      'prisma/generated|^node_modules/@prisma/',
    ),
    only(
      'mail-alone-knows-sendgrid',
      'One place decides what an answer of the provider means.',
      'mail/|test/',
      '^node_modules/@sendgrid/',
    ),
    only(
      'mail-alone-knows-mjml',
      'Compiling blocks the process; it happens when a sequence is published.',
      'mail/|test/',
      '^node_modules/mjml',
    ),
    only(
      'hook-alone-signs',
      'What leaves for another system is signed, and held to public addresses, in one place.',
      'hook/|test/',
      '^node_modules/standardwebhooks',
    ),
    only(
      'sandbox-is-not-shipped',
      'What stands in for real services is reached by the command line and tests alone.',
      'cli/|sandbox/|test/',
      '^sandbox/',
    ),
    {
      name: 'http-calls-no-activities',
      comment: 'A request writes and nudges; what follows from it is durable.',
      severity: 'error',
      from: { path: '^http/' },
      to: { path: '^activities/' },
    },
    {
      name: 'charts-draw-what-they-are-given',
      comment: 'Pages and reports share them, and neither may come along with the other.',
      severity: 'error',
      from: { path: '^charts/' },
      to: { path: '^[^/]+(/|\\.ts$)', pathNot: ['^charts/', '^domain/', '^node_modules/'] },
    },
    {
      name: 'commands-are-the-outermost',
      comment: 'Nothing is built on the command line.',
      severity: 'error',
      from: { pathNot: ['^cli/', '^test/'] },
      to: { path: '^cli/' },
    },
    {
      name: 'tests-are-not-shipped',
      comment: 'Nothing outside of tests is built on them.',
      severity: 'error',
      from: { pathNot: '^(test/|vitest\\.config\\.ts$)' },
      to: { path: '^test/' },
    },
    {
      name: 'no-unknown-packages',
      comment: 'A package that is not listed may be gone with the next install.',
      severity: 'error',
      from: { pathNot: '^node_modules' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
    {
      name: 'no-dead-ends',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.lockstep|docs|templates|agreement|prisma/generated/internal)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
