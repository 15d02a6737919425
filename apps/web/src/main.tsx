import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { addressOfHash, go } from './app/location.ts';
import { Shell } from './app/shell.tsx';
import './ui/base.css';

const linked = addressOfHash(location.hash);
if (linked) go(linked, 'replace');

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Shell />
  </StrictMode>,
);
