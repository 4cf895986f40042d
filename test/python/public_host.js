// Loaded into the command line: the public host of the API is where STUB_URL says.
'use strict';
const http = require('http');
require('https').request = (url, ...rest) => http.request(url.replace(/^https:\/\/[^/]+/, process.env.STUB_URL), ...rest);
