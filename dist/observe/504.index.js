export const id = 504;
export const ids = [504];
export const modules = {

/***/ 2504:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   goThroughProxies: () => (/* binding */ goThroughProxies)
/* harmony export */ });
/* harmony import */ var undici_lib_api_api_connect_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2279);
/* harmony import */ var undici_lib_api_api_request_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6424);
/* harmony import */ var undici_lib_dispatcher_dispatcher_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(883);
/* harmony import */ var undici_lib_dispatcher_env_http_proxy_agent_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(3137);
// A few files of undici instead of its index: that would load fetch, WebSocket and caches too, 40 ms more.




// As undici's index does; proxies tunnel with it.
undici_lib_dispatcher_dispatcher_js__WEBPACK_IMPORTED_MODULE_2__.prototype.connect = undici_lib_api_api_connect_js__WEBPACK_IMPORTED_MODULE_0__;
/** Through a proxy for each scheme, but directly to the hosts in `except`; all as environment variables have them. Throws on one that is no URL. */
function goThroughProxies(proxies) {
    const agent = new undici_lib_dispatcher_env_http_proxy_agent_js__WEBPACK_IMPORTED_MODULE_3__({
        httpProxy: proxies.http,
        httpsProxy: proxies.https,
        noProxy: proxies.except,
        // Plain http goes to a proxy in the absolute form, as curl does it; many proxies refuse to tunnel to port 80.
        proxyTunnel: false,
    });
    return {
        post: async (request) => {
            // The signal is the one limit.
            const { statusCode, headers, body } = await undici_lib_api_api_request_js__WEBPACK_IMPORTED_MODULE_1__.call(agent, { ...request, method: 'POST', headersTimeout: 0, bodyTimeout: 0 });
            return { status: statusCode, headers, body };
        },
        close: () => agent.destroy(),
    };
}


/***/ })

};
