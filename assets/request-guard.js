// Keeps away from the app what could stop it, and what the firewall can't read. Works from Node.js 12 on.
'use strict';
const crypto = require('crypto');
const http = require('http');

const { APPLICATION_SECRET, SECONDARY_APPLICATION_SECRET, PASSPORT_SECRET } = process.env;
const KB = 1024;
const MB = 1024 * KB;

// The apps parse a body before they look at who sent it: the API 1 MB, the CMS 50 MB. Only senders whom the app knows get so far.
// A form of 100 KB keeps the CMS busy for 47 s on a quarter of a virtual CPU, one of 8 KB for 0.3 s.
const ANONYMOUS_LIMIT = PASSPORT_SECRET ? 8 * KB : 256 * KB;
const USER_LIMIT = MB;
// Parsed, a body can take eighty times its size: so many bytes are with the app at once, the others wait for their turn.
const WITH_APP = MB;
const WAITING = 64 * MB;

const waiting = new Set();
let bytesWaiting = 0;
let bytesWithApp = 0;

const { emit } = http.Server.prototype;
http.Server.prototype.emit = function (event, request, response) {
  if (event !== 'request') {
    return emit.apply(this, arguments);
  }
  const pass = () => emit.call(this, event, request, response);
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0;
  if (!isPlainPath(request.url)) {
    refuse(response, 400);
  } else if (!isPlainBody(request.headers)) {
    refuse(response, 415);
  } else if (!hasBody || isEditor(request.headers)) {
    pass();
  } else {
    collect(request, response, pass);
  }
  return true;
};

// The firewall reads a path as it is written. Express also finds a route under `/login#`, `/account\login#` and with an odd space after it.
function isPlainPath(url) {
  return /^\/[!"$-[\]-~]*$/.test(url);
}

// The firewall reads a body as it comes. The apps also decode gzip, deflate and every charset whose name begins with utf-.
function isPlainBody(headers) {
  return (headers['content-encoding'] || 'identity').toLowerCase() === 'identity'
    && !/charset(?!="?utf-8"?\s*(;|$))/i.test(headers['content-type'] || '');
}

// The app gets a body when all of it has come, so that slow senders hold nothing up, and small bodies first.
function collect(request, response, pass) {
  const limit = isUser(request.headers) ? USER_LIMIT : ANONYMOUS_LIMIT;
  if (Number(request.headers['content-length']) > limit) {
    refuse(response, 413);
    return;
  }
  const body = { request, response, pass, chunks: [], size: 0, isComplete: false };
  waiting.add(body);
  request.push = chunk => {
    if (chunk === null) {
      body.isComplete = true;
      admit();
      return false;
    }
    body.chunks.push(chunk);
    body.size += chunk.length;
    bytesWaiting += chunk.length;
    if (body.size > limit) {
      drop(body, 413);
    } else if (bytesWaiting > WAITING) {
      drop([...waiting].reduce((largest, each) => each.size > largest.size ? each : largest), 503);
    }
    return true;
  };
  // Answered, or given up by its sender.
  response.once('close', () => {
    if (waiting.has(body)) {
      forget(body);
    } else if (body.isComplete) {
      // In a later turn of the event loop: until then, Express keeps the request to log its error.
      setImmediate(() => {
        bytesWithApp -= body.size;
        admit();
      });
    }
  });
}

function admit() {
  const complete = [...waiting].filter(({ isComplete }) => isComplete).sort((a, b) => a.size - b.size);
  for (const body of complete) {
    if (bytesWithApp > 0 && bytesWithApp + body.size > WITH_APP) {
      return;
    }
    forget(body);
    bytesWithApp += body.size;
    delete body.request.push;
    [...body.chunks.splice(0), null].forEach(chunk => body.request.push(chunk));
    body.pass();
  }
}

function drop(body, status) {
  forget(body);
  body.isComplete = false;
  body.chunks = [];
  body.request.push = () => true;
  refuse(body.response, status);
}

function forget(body) {
  waiting.delete(body);
  bytesWaiting -= body.size;
}

function refuse(response, status) {
  response.writeHead(status, { 'Content-Length': 0 });
  response.end();
}

// A token of the API.
function isUser({ authorization = '' }) {
  const [, text, signature] = /^(?:Bearer )?([\w-]+\.[\w-]+)\.([\w-]+)$/.exec(authorization) || [];
  return [APPLICATION_SECRET, SECONDARY_APPLICATION_SECRET].some(secret => isSigned('sha256', secret, text, signature));
}

// A session of the CMS in which somebody has logged in: the login page gives one to everyone.
function isEditor({ cookie = '' }) {
  const [, session] = /(?:^|; *)session=([\w+/=-]+)/.exec(cookie) || [];
  const [, signature] = /(?:^|; *)session\.sig=([\w-]+)/.exec(cookie) || [];
  return isSigned('sha1', PASSPORT_SECRET, session && 'session=' + session, signature)
    && (JSON.parse(Buffer.from(session, 'base64').toString()).passport || {}).user !== undefined;
}

function isSigned(hash, secret, text, signature) {
  if (!secret || !text || !signature) {
    return false;
  }
  const expected = crypto.createHmac(hash, secret).update(text).digest();
  const given = Buffer.from(signature.replace(/-/g, '+').replace(/_/g, '/'), 'base64');
  return given.length === expected.length && crypto.timingSafeEqual(given, expected);
}

exports.isIdle = () => waiting.size === 0;
