import { type ReactNode, useEffect } from 'react';
import { ReloadTrouble } from '../features/configuration/reload-trouble.tsx';
import { AlertsPage } from '../pages/alerts.tsx';
import { ExplorePage } from '../pages/explore.tsx';
import { HistoryPage } from '../pages/history.tsx';
import { OverviewPage } from '../pages/overview.tsx';
import { TargetsPage } from '../pages/targets.tsx';
import { setLanguage, useLanguage, useWords } from '../words/language.ts';
import { Link } from './link.tsx';
import { addressOf, type PageName, usePlace } from './location.ts';
import './shell.css';

const pages: Readonly<Record<PageName, () => ReactNode>> = {
  overview: OverviewPage,
  targets: TargetsPage,
  alerts: AlertsPage,
  history: HistoryPage,
  explore: ExplorePage,
};

/** The frame around every page: name, pages, language. */
export function Shell() {
  const { page } = usePlace();
  const words = useWords();
  const Page = pages[page];
  useEffect(() => {
    document.documentElement.lang = words.tag;
    document.title = `${words[page].title} · Paddlewatch`;
  }, [words, page]);
  return (
    <>
      <a className="skip" href="#content">
        {words.skip}
      </a>
      <header className="shell-head">
        <Link className="brand" to={addressOf('overview')}>
          <img src="./icon.svg" alt="" width="20" height="20" />
          Paddlewatch
        </Link>
        <nav aria-label={words.nav.label}>
          {(Object.keys(pages) as PageName[]).map((name) => (
            <Link key={name} to={addressOf(name)} aria-current={name === page ? 'page' : undefined}>
              {words.nav[name]}
            </Link>
          ))}
        </nav>
        <LanguageSwitch />
      </header>
      <main id="content" data-page={page}>
        <ReloadTrouble />
        <Page />
      </main>
    </>
  );
}

function LanguageSwitch() {
  const present = useLanguage();
  const words = useWords();
  return (
    <button
      type="button"
      className="language"
      lang={words.otherLanguageTag}
      onClick={() => setLanguage(present === 'en' ? 'zh' : 'en')}
    >
      {words.otherLanguage}
    </button>
  );
}
