// Tests over generated values take the same ones for each mutant, and fewer than in other runs.
import fc from 'fast-check';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 1, interruptAfterTimeLimit: 100 });
