// Generates the typed documents of the index. Each area (and app/, chain/ …) has its documents beside its pages and its
// own generated `graphql/` folder, so that what one area asks is never loaded with another. Without arguments all are
// made; `node scripts/graphql.ts explorer` makes those of one. A document that does not fit indexer/schema.graphql
// is named and fails the run.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type CodegenConfig, generate } from '@graphql-codegen/cli';

const owners = [
  'app',
  'chain',
  'keys',
  'map',
  'proof',
  'areas/explorer',
  'areas/fleet',
  'areas/operations',
  'areas/driver',
];

/** Whether a file of the folder has a document. */
function asks(folder: string): boolean {
  if (!existsSync(folder)) return false;
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).some(
    (file) =>
      /\.tsx?$/.test(file) &&
      !file.split('/').includes('graphql') &&
      /\bgraphql\(/.test(readFileSync(`${folder}/${file}`, 'utf8')),
  );
}

type Output = NonNullable<CodegenConfig['generates']>[string];

function output(owner: string): Output {
  return {
    preset: 'client',
    documents: [`src/${owner}/**/*.{ts,tsx}`, `!src/${owner}/graphql/**`],
    presetConfig: { fragmentMasking: false },
    config: {
      documentMode: 'string',
      useTypeImports: true,
      enumsAsTypes: true,
      strictScalars: true,
      scalars: {
        ID: { input: 'string', output: 'string' },
        BigInt: { input: 'string', output: 'string' },
        Bytes: { input: 'string', output: 'string' },
        DateTime: { input: 'string', output: 'string' },
        JSON: { input: 'unknown', output: 'unknown' },
      },
    },
  };
}

const wanted = process.argv.slice(2);
const chosen = owners.filter(
  (owner) => asks(`src/${owner}`) && (wanted.length === 0 || wanted.some((name) => owner.endsWith(name))),
);
if (chosen.length > 0) {
  try {
    await generate({
      schema: '../indexer/schema.graphql',
      generates: Object.fromEntries(chosen.map((owner) => [`src/${owner}/graphql/`, output(owner)])),
      silent: true,
      allowPartialOutputs: true,
    });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
