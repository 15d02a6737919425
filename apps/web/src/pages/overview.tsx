import { Link } from '../app/link.tsx';
import { addressOf, setParams, usePlace } from '../app/location.ts';
import { usePoll } from '../app/use-poll.ts';
import { parseView, type View, viewParams } from '../app/view.ts';
import { AlertStrip } from '../features/alerts/alert-strip.tsx';
import { ChartGrid } from '../features/overview/chart-grid.tsx';
import { Headline } from '../features/overview/headline.tsx';
import { loadOverview, type Overview } from '../features/overview/load-overview.ts';
import { type Service, serviceKey } from '../features/overview/service.ts';
import { TargetsDown } from '../features/overview/targets-down.tsx';
import { VersionTable } from '../features/overview/version-table.tsx';
import { moment } from '../format/time.ts';
import { Empty, Trouble } from '../ui/notice.tsx';
import { RangeBar } from '../ui/range-bar.tsx';
import { useWords } from '../words/language.ts';
import './overview.css';

/** How one inference service is doing: alerts, figures, versions side by side, charts. */
export function OverviewPage() {
  const view = parseView(usePlace().search);
  // Another service is another page: nothing of the former may stay on it, not even for a moment.
  return <ServiceOverview key={`${view.service}/${view.model}`} view={view} />;
}

function ServiceOverview({ view }: { view: View }) {
  const words = useWords();
  const { service: job, model, spanMs, endMs, refreshMs } = view;
  const poll = usePoll(
    `${spanMs}/${endMs}`,
    endMs === undefined ? refreshMs : 0,
    (signal) => loadOverview({ job, model, spanMs, endMs: endMs ?? Date.now() }, signal),
    // A service that has just started shows its first figures as soon as there are any.
    ({ figures }) => !figures?.traffic.frame?.series.length,
  );
  const { data, fault, at } = poll;
  return (
    <>
      <div className="page-head">
        <h1>{words.overview.title}</h1>
        {data && <ServiceSelect services={data.services} chosen={data.service} view={view} />}
        <span className="spring" />
        <RangeBar view={view} />
      </div>
      {fault && <Trouble fault={fault} at={at} again={poll.again} />}
      <AlertStrip />
      {data && <OverviewBody data={data} view={view} faded={fault !== undefined} />}
      {at !== undefined && data?.service && (
        <p className="overview-foot">
          {words.time.updated(moment(at, Date.now()))} ·{' '}
          {words.overview.window(words.time.span(data.windowS * 1000))} · {words.overview.zoomHint}
        </p>
      )}
    </>
  );
}

function OverviewBody({ data, view, faded }: { data: Overview; view: View; faded: boolean }) {
  const { service, figures } = data;
  // Rates look back a minute: figures of a service that nobody can reach any more are of the past.
  const allDown = data.targets.length > 0 && data.targets.every((target) => target.health === 'down');
  return (
    <div className={faded ? 'overview faded' : 'overview'}>
      <TargetsDown targets={data.targets} />
      {service && figures ? (
        <>
          <div className={allDown && view.endMs === undefined ? 'present faded' : 'present'}>
            <Headline service={service} figures={figures} targets={data.targets} />
            <VersionTable service={service} figures={figures} />
          </div>
          <ChartGrid data={{ ...data, service, figures }} view={view} />
        </>
      ) : (
        <NoService sought={view.service} hasTargets={data.targets.length > 0} />
      )}
    </div>
  );
}

function NoService({ sought, hasTargets }: { sought?: string; hasTargets: boolean }) {
  const { overview } = useWords();
  return (
    <div className="panel" data-panel="no-service">
      <Empty title={sought === undefined ? overview.noService : overview.silentService(sought)}>
        <p>{hasTargets ? overview.noServiceHint : overview.noTargets}</p>
        <p>
          <Link to={addressOf('targets')}>{overview.toTargets}</Link>
        </p>
      </Empty>
    </div>
  );
}

interface ServiceSelectProps {
  services: readonly Service[];
  chosen?: Service;
  view: View;
}

function ServiceSelect({ services, chosen, view }: ServiceSelectProps) {
  const { overview } = useWords();
  const named = chosen ?? { job: view.service, model: view.model };
  const all = chosen || view.service === undefined ? services : [...services, named];
  if (all.length === 0) return null;
  return (
    <select
      aria-label={overview.service}
      value={serviceKey(named)}
      onChange={(event) => {
        const { job, model } = all.find((service) => serviceKey(service) === event.target.value)!;
        setParams(viewParams({ ...view, service: job, model }));
      }}
    >
      {all.map((service) => (
        <option key={serviceKey(service)}>{serviceKey(service)}</option>
      ))}
    </select>
  );
}
