import { Command, InvalidArgumentError, Option } from 'commander';
import { environment, isProduction, readConfig } from '../../config.ts';
import { UpReporter } from '../up-reporter.ts';
import { jsonOption, wholeNumber, workspaceOption } from './options.ts';

interface Options {
  httpPort: number;
  inboxPort: number;
  postgresPort: number;
  temporalPort: number;
  temporalUiPort: number;
  workspace: string;
  rehearse: number;
  json?: boolean;
}

export function command(): Command {
  return new Command('up')
    .description('start everything and keep it running (this is what `npm start` does)')
    .addOption(workspaceOption())
    .addOption(port('http', 'pages and webhooks', 3000))
    .addOption(port('inbox', 'the inbox of the SendGrid sandbox', 3025))
    .addOption(port('postgres', 'PostgreSQL', 54_320))
    .addOption(port('temporal', 'Temporal', 7233))
    .addOption(port('temporal-ui', 'the Temporal UI', 8233))
    .addOption(
      new Option(
        '--rehearse <days>',
        'how much past the workspace "sample" is given the first time',
      )
        .default(90)
        .argParser(wholeNumber('days', 0, 730)),
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  $ npm start                          the workspace "sample", with a rehearsed quarter behind it
  $ npm start -- --rehearse 0          the same with its leads just come in
  $ npm start -- --workspace mine      an empty one, for leads of your own
  $ npm start -- --http-port 3100

With DATABASE_URL, TEMPORAL_ADDRESS and SENDGRID_API_KEY set, those are used and nothing is embedded.`,
    )
    .action(async (options: Options) => {
      const reporter = new UpReporter(options.json === true);
      const env = environment();
      // What runs is much to load, and whoever asks for help waits for it.
      if (isProduction(env)) {
        const { runProduction } = await import('../run-production.ts');
        return runProduction(readConfig(env), env, reporter);
      }
      const { runLocally } = await import('../run-locally.ts');
      return runLocally(
        options.workspace,
        {
          http: options.httpPort,
          inbox: options.inboxPort,
          postgres: options.postgresPort,
          temporal: options.temporalPort,
          temporalUi: options.temporalUiPort,
        },
        options.rehearse,
        reporter,
      );
    });
}

function port(name: string, what: string, usual: number): Option {
  return new Option(`--${name}-port <port>`, `port of ${what}`).default(usual).argParser(text => {
    const value = Number(text);
    if (Number.isInteger(value) && value > 0 && value < 65_536) return value;
    throw new InvalidArgumentError('a port is a whole number from 1 to 65535');
  });
}
