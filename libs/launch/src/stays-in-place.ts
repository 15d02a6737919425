import path from 'node:path';
import type { Plugin } from 'rolldown';

const thread = /new Worker\(\s*new URL\('\.\/([\w-]+)\.ts', import\.meta\.url\)/g;
const neighbour = /new URL\('\.\/([\w.-]+)', import\.meta\.url\)/g;

/**
 * What asks where it is gets the answer that it gets in the sources, with the files there that it reads at run time; the
 * threads that it starts become files of the bundle, which lies in `folder`.
 */
export function staysInPlace(root: string, folder: string): Plugin {
  return {
    name: 'stays in place',
    transform(code, id) {
      if (!id.startsWith(root) || id.includes('node_modules') || !code.includes('import.meta')) return null;
      const home = path.dirname(id);
      const way = path.relative(folder, home);
      return code
        .replaceAll(neighbour, (url, name: string) =>
          name.endsWith('.ts') ? url : `new URL('${way}/${name}', import.meta.url)`,
        )
        .replaceAll(thread, (_, name: string) => {
          this.emitFile({ type: 'chunk', id: path.join(home, `${name}.ts`), fileName: `${name}.mjs` });
          return `new Worker(new URL('./${name}.mjs', import.meta.url)`;
        })
        .replaceAll('import.meta.dirname', `(import.meta.dirname + '/${way}')`);
    },
    generateBundle(_, files) {
      for (const file of Object.values(files)) if (file.type === 'chunk') file.code = escaped(file.code);
    },
  };
}

/** A text with a character beyond Latin-1 takes two bytes for each. */
function escaped(code: string): string {
  return code.replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
