/** Path of the `ecrlint` for this system; throws where there is none. */
export function binaryPath(): string;
