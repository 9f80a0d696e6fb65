import { type ReactNode, useId } from "react";
import { FORM_LABELS, type FormPath } from "./field-errors.js";

/** What a control of a {@link Field} has to carry, so that its label, hint and faults are known to be its own. */
export interface ControlProps {
  readonly id: string;
  readonly name: FormPath;
  readonly "aria-invalid": boolean;
  readonly "aria-describedby": string | undefined;
}

/** A label, a control, a hint, and what is wrong with the value. */
export function Field(props: {
  readonly path: FormPath;
  readonly hint?: string;
  readonly faults: readonly string[] | undefined;
  readonly control: (props: ControlProps) => ReactNode;
}): ReactNode {
  const id = useId();
  const { path, hint, faults = [] } = props;
  const describedBy = [hint && `${id}-hint`, faults.length > 0 && `${id}-faults`].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>{FORM_LABELS[path]}</label>
      {props.control({
        id,
        name: path,
        "aria-invalid": faults.length > 0,
        "aria-describedby": describedBy || undefined,
      })}
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {faults.length > 0 && (
        <ul className="faults" id={`${id}-faults`}>
          {faults.map((fault) => (
            <li key={fault}>{fault}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
