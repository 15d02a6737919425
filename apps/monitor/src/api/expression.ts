import { exprToJson, formatExpr, parseQuery } from '@paddlewatch/promql';
import { invalidParameter } from './api-error.ts';
import type { Call, Endpoint } from './endpoint.ts';

export const formatQuery: Endpoint = {
  path: '/format_query',
  methods: 'GET+POST',
  answer: (call) => ({ data: formatExpr(queryOf(call)) }),
};

export const parsedQuery: Endpoint = {
  path: '/parse_query',
  methods: 'GET+POST',
  answer: (call) => ({ data: exprToJson(queryOf(call)) }),
};

/** Exemplars are not stored yet: for a query with a selector the true answer is that there are none. */
export const queryExemplars: Endpoint = {
  path: '/query_exemplars',
  methods: 'GET+POST',
  answer(call) {
    const start = call.params.time('start', 0);
    const end = call.params.time('end', call.monitor.now());
    if (end < start) throw invalidParameter('end', 'end timestamp must not be before start time');
    queryOf(call);
    return { data: [] };
  },
};

function queryOf({ params }: Call) {
  try {
    return parseQuery(params.text('query'));
  } catch (error) {
    throw invalidParameter('query', (error as Error).message);
  }
}
