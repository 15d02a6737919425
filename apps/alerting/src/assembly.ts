import type { Clock } from '@paddlewatch/model';
import { receiverChannels } from './channels/channels.ts';
import type { HttpSend } from './channels/http.ts';
import type { Robots } from './channels/robot.ts';
import type { AlertmanagerConfig } from './config/alertmanager.ts';
import type { LoadedConfig } from './config/load.ts';
import { Dispatcher } from './dispatch/dispatcher.ts';
import { routeTree } from './dispatch/route-tree.ts';
import { Inhibitor } from './inhibit/inhibitor.ts';
import { activeTimeGate, type Intervals, inhibitionGate, muteTimeGate, silenceGate } from './notify/gates.ts';
import { type Integration, Pipeline, type PipelineOptions } from './notify/pipeline.ts';
import type { Silences } from './silence/silences.ts';
import { Templates } from './templates/templates.ts';

/** Everything that a configuration decides; a reload builds another and lets this one end. */
export interface Assembly {
  readonly loaded: LoadedConfig;
  readonly inhibitor: Inhibitor;
  readonly intervals: Intervals;
  readonly integrations: ReadonlyMap<string, readonly Integration[]>;
  readonly dispatcher: Dispatcher;
}

export interface AssemblyParts extends Omit<PipelineOptions, 'gates' | 'integrations'> {
  readonly clock: Clock;
  readonly http: HttpSend;
  readonly robots: Robots;
  readonly silences: Silences;
}

/** Alerts flow: dispatch → inhibit → active times → mute times → silence → per channel: decide → deliver → log. */
export function assemble(loaded: LoadedConfig, parts: AssemblyParts): Assembly {
  const { config } = loaded;
  const inhibitor = new Inhibitor(config.inhibit_rules);
  const intervals = namedIntervals(config);
  const integrations = integrationsOf(loaded, parts);
  const gates = [
    inhibitionGate(inhibitor),
    activeTimeGate(intervals),
    muteTimeGate(intervals),
    silenceGate(parts.silences),
  ];
  const pipeline = new Pipeline({ ...parts, gates, integrations });
  const dispatcher = new Dispatcher({
    root: routeTree(config.route),
    clock: parts.clock,
    flush: (flush) => pipeline.flush(flush),
  });
  return { loaded, inhibitor, intervals, integrations, dispatcher };
}

function namedIntervals({ time_intervals, mute_time_intervals }: AlertmanagerConfig): Intervals {
  return new Map(
    [...time_intervals, ...mute_time_intervals].map(({ name, time_intervals }) => [name, time_intervals]),
  );
}

function integrationsOf({ config, folder }: LoadedConfig, { clock, http, robots }: AssemblyParts) {
  const templates = new Templates(config.templates, folder, () => clock.now());
  const context = { global: config.global, templates, clock, http, robots, folder };
  return new Map(
    config.receivers.map((receiver) => [
      receiver.name,
      receiverChannels(receiver, context).flatMap((channels) =>
        channels.map((channel, i): Integration => {
          return { receiver: receiver.name, name: `${receiver.name}/${channel.kind}[${i}]`, channel };
        }),
      ),
    ]),
  );
}
