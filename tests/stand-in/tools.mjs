// The machine → its Java 17 and its Maven, or ToolMissing, which says how to get them.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const JVM_DIR = '/usr/lib/jvm';

export class ToolMissing extends Error {
  /** @param {string} tool */
  constructor(tool) {
    super(
      `${tool} was not found: the stand-in lakehouse needs Java 17 and Maven (Debian: apt-get install openjdk-17-jdk maven)`,
    );
    this.name = 'ToolMissing';
  }
}

/** @returns {string} the home of a Java 17: $JAVA_HOME, the one on the PATH, or one that Debian installed */
export function findJavaHome() {
  for (const command of javaCommands()) {
    const { status, stderr } = spawnSync(command, ['-XshowSettings:properties', '-version'], { encoding: 'utf8' });
    if (status !== 0 || !/java\.specification\.version = 17\b/.test(stderr)) continue;
    const home = /java\.home = (.+)/.exec(stderr)?.[1]?.trim();
    if (home) return home;
  }
  throw new ToolMissing('Java 17');
}

function* javaCommands() {
  if (process.env.JAVA_HOME) yield join(process.env.JAVA_HOME, 'bin/java');
  yield 'java';
  if (!existsSync(JVM_DIR)) return;
  for (const name of readdirSync(JVM_DIR)) if (/^java-(1\.)?17\b/.test(name)) yield join(JVM_DIR, name, 'bin/java');
}

/** What only the first build needs: a compiler in that Java, and Maven. @param {string} javaHome */
export function requireBuildTools(javaHome) {
  if (!existsSync(join(javaHome, 'bin/javac'))) throw new ToolMissing('javac 17');
  if (spawnSync('mvn', ['-v'], { env: { ...process.env, JAVA_HOME: javaHome } }).status !== 0)
    throw new ToolMissing('Maven');
}
