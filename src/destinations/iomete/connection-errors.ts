// What the network, TLS or the gateway said → one readable coded error. Nothing here ever sees the password.
import type { ErrorCode } from '../../errors/codes.ts';
import { TargetError } from '../../errors/target-error.ts';
import { proxyRefusal, proxyWords } from '../../network/proxy.ts';
import { StatementError } from './statement-error.ts';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly httpPath: string;
}

/** @param failure what opening a connection or a session threw. */
export function connectionError(failure: unknown, endpoint: Endpoint): TargetError {
  const { code, text, fix } = describe(failure, endpoint);
  return new TargetError(code, `https://${endpoint.host}:${endpoint.port}${endpoint.httpPath} ${text}`, { fix });
}

/** What a gateway answers while the lakehouse behind it is not up yet. */
export const isStarting = (failure: unknown): boolean => [502, 503, 504].includes(statusCode(failure) ?? 0);

/** Nobody listens there: the request cannot have been carried out. */
export const isRefused = (failure: unknown): boolean => systemCode(failure) === 'ECONNREFUSED';

/** The name of the host has no address at the moment. */
export const isUnresolved = (failure: unknown): boolean => /^(EAI_AGAIN|ENOTFOUND)$/.test(systemCode(failure) ?? '');

/** A fault that may be gone at the next attempt: no word about the user, the path or the certificate. */
export function isTransient(failure: unknown): boolean {
  const status = statusCode(failure);
  if (status !== undefined) return status >= 500 || status === 408 || status === 429;
  const system = systemCode(failure);
  return system === undefined ? isNoAnswer(failure) : !isTls(system) && system !== proxyRefusal;
}

/** A gateway or the network is at fault, not the statement. */
export const isTransportFailure = (failure: unknown): boolean =>
  statusCode(failure) !== undefined || systemCode(failure) !== undefined || isNoAnswer(failure);

interface Description {
  readonly code: ErrorCode;
  readonly text: string;
  /** In the place of what the registry advises. */
  readonly fix?: string;
}

function describe(failure: unknown, { httpPath }: Endpoint): Description {
  const status = statusCode(failure);
  if (status === 401 || status === 403) return { code: 'DESTINATION_AUTH', text: `refused the user (HTTP ${status})` };
  if (status === 404)
    return { code: 'DESTINATION_NOT_FOUND', text: `is not a lakehouse (HTTP 404)${missingDataPlane(httpPath)}` };
  if (status !== undefined) return { code: 'DESTINATION_UNREACHABLE', text: `answered with HTTP ${status}` };

  const proxy = proxyWords(failure);
  if (proxy !== undefined) return { code: 'DESTINATION_UNREACHABLE', text: `cannot be reached. ${proxy}` };
  if (isRedirect(failure))
    return { code: 'DESTINATION_UNREACHABLE', text: 'answered with a redirect, which is not followed' };
  const system = systemCode(failure);
  if (system === 'EPROTO')
    return {
      code: 'DESTINATION_TLS',
      text: 'does not speak TLS (EPROTO)',
      fix: 'Correct "host" and "port": they must be those at which the lakehouse is reached by https',
    };
  if (system !== undefined && isTls(system))
    return { code: 'DESTINATION_TLS', text: `has no trusted certificate (${system})` };
  if (system === 'ENOTFOUND')
    return { code: 'DESTINATION_UNREACHABLE', text: 'cannot be reached: nobody knows the host name (ENOTFOUND)' };
  if (system !== undefined) return { code: 'DESTINATION_UNREACHABLE', text: `cannot be reached (${system})` };
  if (isNoAnswer(failure) || (failure instanceof StatementError && failure.outcome !== 'failed'))
    return { code: 'DESTINATION_UNREACHABLE', text: 'gave no answer that is Thrift in time' };
  return { code: 'DESTINATION_UNREACHABLE', text: `refused a session: ${firstLine(failure)}` };
}

/** Paths without a data plane are of older versions of iomete, and no option tells which version answers. */
const missingDataPlane = (httpPath: string): string =>
  httpPath.startsWith('/lakehouse/') ? ': "data_plane" is not set, and today\'s iomete needs it' : '';

function statusCode(failure: unknown): number | undefined {
  const code = (failure as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof code === 'number' ? code : undefined;
}

function systemCode(failure: unknown): string | undefined {
  const code = (failure as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code) ? code : undefined;
}

const isRedirect = (failure: unknown): boolean => (failure as { type?: unknown } | undefined)?.type === 'no-redirect';

const isNoAnswer = (failure: unknown): boolean =>
  failure instanceof Error && (failure.name === 'NoAnswer' || failure.message === 'Request timed out');

/** Names that OpenSSL and Node give to a failed verification or handshake. */
const isTls = (code: string): boolean => /CERT|SELF_SIGNED|ISSUER|SIGNATURE|SSL|TLS|^EPROTO$/.test(code);

function firstLine(failure: unknown): string {
  const message = (failure as { message?: unknown } | undefined)?.message;
  const line = typeof message === 'string' ? (message.split('\n')[0] ?? '') : '';
  return line === '' ? 'no reason given' : line.slice(0, 300);
}
