import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnswerReader } from './answer-reader.ts';

interface Read {
  readonly status: number;
  readonly body: string;
  readonly reusable: boolean;
}

/** What a reader makes of an answer that arrives in pieces cut at these places, and then the end of the connection. */
function read(answer: string, ...cuts: number[]): Read {
  const reader = new AnswerReader(0);
  const bytes = Buffer.from(answer, 'latin1');
  let from = 0;
  let whole = false;
  for (const to of [...cuts, bytes.length]) {
    // The memory of a read is used again: nothing of it may be kept.
    const piece = Buffer.from(bytes.subarray(from, to));
    whole = reader.take(piece);
    piece.fill('#');
    from = to;
  }
  if (!whole) reader.end();
  const { status, body } = reader.answer();
  return { status, body: body.toString('latin1'), reusable: reader.reusable };
}

const head = 'HTTP/1.1 200 OK\r\n';
const answers: [what: string, answer: string, expected: Read][] = [
  [
    'a body of known length',
    `${head}Content-Type: text/plain\r\ncontent-length:5\r\n\r\nhello`,
    { status: 200, body: 'hello', reusable: true },
  ],
  ['no body', `${head}Content-Length: 0\r\n\r\n`, { status: 200, body: '', reusable: true }],
  [
    'chunks, with extensions and trailers',
    `${head}Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n00A \r\n, world...\r\n0\r\nx-sum: 1\r\n\r\n`,
    { status: 200, body: 'hello, world...', reusable: true },
  ],
  [
    'chunks although a length is given',
    `${head}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n`,
    { status: 200, body: 'a', reusable: true },
  ],
  ['a body up to the end', `${head}\r\nall of it`, { status: 200, body: 'all of it', reusable: false }],
  [
    'a closing connection',
    `${head}connection: close\r\ncontent-length: 1\r\n\r\na`,
    { status: 200, body: 'a', reusable: false },
  ],
  [
    'HTTP/1.0',
    'HTTP/1.0 404 Not Found\r\ncontent-length: 1\r\n\r\na',
    { status: 404, body: 'a', reusable: false },
  ],
  [
    'HTTP/1.0 that stays',
    'HTTP/1.0 200\r\nconnection: Keep-Alive\r\ncontent-length: 1\r\n\r\na',
    { status: 200, body: 'a', reusable: true },
  ],
  ['an answer without a body', 'HTTP/1.1 204 \r\n\r\n', { status: 204, body: '', reusable: true }],
  [
    'provisional answers first',
    `HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n${head}content-length: 1\r\n\r\na`,
    { status: 200, body: 'a', reusable: true },
  ],
  ['bare line feeds', 'HTTP/1.1 200 OK\ncontent-length: 1\n\na', { status: 200, body: 'a', reusable: true }],
  [
    'bytes behind the end',
    `${head}content-length: 1\r\n\r\nabc`,
    { status: 200, body: 'a', reusable: false },
  ],
];

for (const [what, answer, expected] of answers) {
  test(`reads ${what}, wherever its pieces are cut`, () => {
    assert.deepEqual(read(answer), expected);
    const end = expected.reusable || what === 'a body up to the end' ? answer.length : answer.length - 2;
    for (let cut = 1; cut < end; cut++) {
      assert.deepEqual(read(answer, cut), expected, `cut at ${cut}`);
      for (let next = cut + 1; next < end; next += 7)
        assert.deepEqual(read(answer, cut, next), expected, `cut at ${cut} and ${next}`);
    }
  });
}

test('takes the headers that it knows, however they are written, and joins those that come twice', () => {
  const reader = new AnswerReader(0);
  reader.take(
    Buffer.from(
      `${head}Content-Type: a\r\nX-A: 1\r\ncontent-TYPE:  b \r\nlocation:\r\ncontent-typo: c\r\nconnection\r\n\r\n`,
    ),
  );
  assert.deepEqual(reader.headers, { 'content-type': 'a, b', location: '' });
});

const faults: [what: string, answer: string, message: RegExp][] = [
  ['another protocol', 'SSH-2.0-OpenSSH\r\n\r\n', /it begins with "SSH-2.0-OpenSSH/],
  ['a length that is none', `${head}content-length: -1\r\n\r\n`, /its length is "-1"/],
  ['two lengths', `${head}content-length: 1\r\ncontent-length: 2\r\n\r\n`, /its length is "1, 2"/],
  ['an unknown coding', `${head}transfer-encoding: gzip, chunked\r\n\r\n`, /its transfer encoding is gzip/],
  ['a chunk without a size', `${head}transfer-encoding: chunked\r\n\r\nx\r\n`, /a chunk begins with "x"/],
  ['an endless head', `${head}a: ${'b'.repeat(70_000)}`, /its head does not end/],
  ['a body cut short', `${head}content-length: 9\r\n\r\nabc`, /ended before the answer was whole/],
  ['a chunk cut short', `${head}transfer-encoding: chunked\r\n\r\n5\r\nabc`, /ended before the answer was/],
];

for (const [what, answer, message] of faults) {
  test(`refuses ${what}`, () => {
    assert.throws(() => read(answer), message);
  });
}

test('does not believe in a length beyond the limit, and takes no memory for one without', () => {
  const limited = new AnswerReader(1000);
  assert.throws(
    () => limited.take(Buffer.from(`${head}content-length: 1000\r\n\r\n`)),
    /body_size_limit of 1000/,
  );
  const huge = new AnswerReader(0);
  assert.equal(huge.take(Buffer.from(`${head}content-length: 999999999999\r\n\r\nabc`)), false);
});
