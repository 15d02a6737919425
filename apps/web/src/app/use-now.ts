import { useEffect, useState } from 'react';

/** The present in milliseconds, renewed each second: ages and countdowns move with it. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
