// Loaded into Node.js before the app, which stays as its image has it. Works from Node.js 12 on.
'use strict';
const http = require('http');
const net = require('net');
const guard = require('./request-guard.js');

const servers = [];
let underWay = 0;
let isEnding = false;
// After SIGTERM, as long as the load balancer may still send requests.
let isAccepting = true;
let exitCode = 0;

http.Server.prototype.listen = function (...args) {
  // Longer than the load balancer keeps an idle connection (60 s), or it sends a request into one that has just been closed.
  this.keepAliveTimeout = 75000;
  this.headersTimeout = 80000;
  this.prependListener('request', (request, response) => {
    underWay += 1;
    response.once('close', () => { underWay -= 1; });
  });
  servers.push(this);
  return net.Server.prototype.listen.apply(this, args);
};

// The API closes a connection after each error that it answers with, having said that it stays open: the load balancer would
// send the next request into it. Told of it, it doesn't; nor does it once the app is about to end.
const { writeHead } = http.ServerResponse.prototype;
http.ServerResponse.prototype.writeHead = function (status, ...args) {
  if (status >= 400 || isEnding) {
    this.setHeader('Connection', 'close');
  }
  const cookies = this.getHeader('Set-Cookie');
  if (cookies) {
    this.setHeader('Set-Cookie', [].concat(cookies).map(asSecure));
  }
  return writeHead.call(this, status, ...args);
};

// Some apps close their server and exit on SIGTERM themselves. Both wait until no request is lost.
const { close } = http.Server.prototype;
http.Server.prototype.close = function (callback) {
  if (!isEnding || !isAccepting) {
    return close.call(this, callback);
  }
  return callback ? this.once('close', callback) : this;
};
const { exit } = process;
process.exit = code => {
  if (!isEnding || (!isAccepting && isIdle())) {
    exit.call(process, code);
  }
  exitCode = code || 0;
};

const isIdle = () => underWay === 0 && guard.isIdle();

// The CMS means its session to be so, and gives the library that it uses these two where they are not read.
function asSecure(cookie) {
  return cookie + (/;\s*secure/i.test(cookie) ? '' : '; Secure') + (/;\s*samesite=/i.test(cookie) ? '' : '; SameSite=Strict');
}

process.once('SIGTERM', () => {
  isEnding = true;
  // The load balancer may not know yet: five seconds more for new requests, then until the last one has its answer.
  setTimeout(() => {
    isAccepting = false;
    servers.forEach(server => server.close());
    setInterval(() => isIdle() && process.exit(exitCode), 100);
  }, 5000);
});

// The apps end with 0 when they can't reach the database.
process.on('exit', code => {
  if (code === 0 && !isEnding) {
    process.exitCode = 1;
  }
});
