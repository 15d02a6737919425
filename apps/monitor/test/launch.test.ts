import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Process } from './process.ts';

for (const bundled of [true, false]) {
  test(`the monitor answers ${bundled ? 'bundled' : 'from its sources'}`, async (t) => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'monitor-launch-'));
    t.after(() => fs.rmSync(dir, { recursive: true }));
    fs.writeFileSync(path.join(dir, 'prometheus.yml'), '');
    if (!bundled) process.env['PADDLEWATCH_BUNDLE'] = 'off';
    t.after(() => delete process.env['PADDLEWATCH_BUNDLE']);
    const monitor = new Process(
      `--config.file=${dir}/prometheus.yml`,
      `--storage.tsdb.path=${dir}/data`,
      '--web.listen-address=127.0.0.1:0',
    );
    const url = await monitor.url();
    if (process.platform === 'linux') {
      const command = fs.readFileSync(`/proc/${monitor.child.pid}/cmdline`, 'utf8').split('\0');
      assert.equal(
        command.some((word) => word.endsWith('program.mjs')),
        bundled,
      );
    }
    // A subquery is never light: this is the query thread's answer.
    const answer = await fetch(`${url}/api/v1/query?query=sum_over_time(vector(2)[1m:1s])`);
    assert.equal(answer.status, 200);
    assert.equal(await monitor.kill('SIGTERM'), 0);
  });
}
