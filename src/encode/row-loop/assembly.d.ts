// The word of AssemblyScript that files have which both languages read: constants, and nothing else.

type u32 = number;
