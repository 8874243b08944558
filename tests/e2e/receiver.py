"""A small web server to which programs post JSON."""

import http.server
import json
import threading


class Receiver:
    """Calls `received` with the path, the headers and the document of each
    request, and answers with 200 and nothing, or as a subclass does."""

    def __init__(self, port=0, tls=None):
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers["Content-Length"])
                outer.received(self.path, self.headers,
                               json.loads(self.rfile.read(length)))
                outer.respond(self)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # clients that go away are meant

        self.server = Server(("127.0.0.1", port), Handler)
        if tls:
            self.server.socket = tls.wrap_socket(
                self.server.socket, server_side=True,
                do_handshake_on_connect=False)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def received(self, path, headers, document):
        raise NotImplementedError

    def respond(self, handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
