import './choice.css';

interface ChoiceProps<T extends string> {
  label: string;
  options: readonly { value: T; text: string; count?: number }[];
  value: T;
  onChoose: (value: T) => void;
}

/** One of a few: a row of buttons of which one is pressed. */
export function Choice<T extends string>({ label, options, value, onChoose }: ChoiceProps<T>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in a row in every browser.
    <div className="choice" role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChoose(option.value)}
        >
          {option.text}
          {option.count !== undefined && <span className="choice-count">{option.count}</span>}
        </button>
      ))}
    </div>
  );
}
