import { setParams, usePlace } from '../app/location.ts';
import { parseView } from '../app/view.ts';
import { NotificationsTab } from '../features/alerts/notifications-tab.tsx';
import { RulesTab } from '../features/alerts/rules-tab.tsx';
import { SilencesTab } from '../features/alerts/silences-tab.tsx';
import { Choice } from '../ui/choice.tsx';
import { RefreshSelect } from '../ui/range-bar.tsx';
import { useWords } from '../words/language.ts';

const tabs = { rules: RulesTab, notifications: NotificationsTab, silences: SilencesTab } as const;
type TabName = keyof typeof tabs;
const names = Object.keys(tabs) as TabName[];

/** What rules say, who is told of it, and what is kept quiet. */
export function AlertsPage() {
  const words = useWords().alerts;
  const { search } = usePlace();
  const view = parseView(search);
  const tab = names.find((name) => name === search.get('tab')) ?? 'rules';
  const Tab = tabs[tab];
  return (
    <>
      <div className="page-head">
        <h1>{words.title}</h1>
        <Choice<TabName>
          label={words.title}
          options={names.map((value) => ({ value, text: words.tabs[value] }))}
          value={tab}
          onChoose={(name) => setParams({ tab: name === 'rules' ? undefined : name })}
        />
        <span className="spring" />
        <RefreshSelect view={view} />
      </div>
      <Tab refreshMs={view.refreshMs} />
    </>
  );
}
