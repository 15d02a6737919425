import { formatValue, labelsToRecord } from '@paddlewatch/model';
import { exprToJson, formatExpr, parseQuery, selectorsOf } from '@paddlewatch/promql';
import { invalidParameter } from './api-error.ts';
import type { Call, Endpoint } from './endpoint.ts';
import { maxTime, minTime } from './params.ts';

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

/** The exemplars of the series that any selector of a query names. A query without selectors has no answer at all. */
export const queryExemplars: Endpoint = {
  path: '/query_exemplars',
  methods: 'GET+POST',
  answer(call) {
    const start = call.params.time('start', minTime);
    const end = call.params.time('end', maxTime);
    if (end < start) throw invalidParameter('end', 'end timestamp must not be before start time');
    const selectors = selectorsOf(queryOf(call)).map(({ matchers }) => matchers);
    if (selectors.length === 0) return 'nothing';
    const found = call.monitor.exemplars(selectors, start, end);
    return {
      data: found.map(({ labels, exemplars }) => ({
        seriesLabels: labelsToRecord(labels),
        exemplars: exemplars.map((one) => ({
          labels: labelsToRecord(one.labels),
          value: formatValue(one.value),
          timestamp: one.t / 1000,
        })),
      })),
    };
  },
};

function queryOf({ params }: Call) {
  try {
    return parseQuery(params.text('query'));
  } catch (error) {
    throw invalidParameter('query', (error as Error).message);
  }
}
