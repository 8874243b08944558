"""A real nginx of Debian with the shipped examples, and certificates."""

import getpass
import grp
import os
import re
import socket
import ssl
import subprocess

import support

EXAMPLES = support.REPOSITORY / "packaging" / "reverse-proxy"
PASSWORD = "of the proxy"
HOSTS = ("127.0.0.1", "::1")


class Certificates:
    """Authorities, and what they have signed, as files NAME.pem and NAME.key."""

    def __init__(self, folder):
        self.folder = folder
        for authority in ("servers_ca", "clients_ca", "other_ca"):
            self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt",
                          "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                          "-subj", f"/CN={authority}",
                          "-keyout", self.key(authority),
                          "-out", self.pem(authority))
        self._sign("server", "servers_ca", "serverAuth")
        self._sign("client", "clients_ca", "clientAuth")
        self._sign("stranger", "other_ca", "clientAuth")

    def pem(self, name):
        return self.folder / f"{name}.pem"

    def key(self, name):
        return self.folder / f"{name}.key"

    @staticmethod
    def _openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True,
                       capture_output=True, timeout=support.PATIENCE_SECONDS)

    def _sign(self, name, authority, usage):
        request = self.folder / f"{name}.csr"
        self._openssl("req", "-newkey", "ec", "-pkeyopt",
                      "ec_paramgen_curve:P-256", "-nodes", "-subj",
                      f"/CN={name}", "-keyout", self.key(name), "-out", request)
        extensions = self.folder / f"{name}.ext"
        extensions.write_text(
            "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1\n"
            f"extendedKeyUsage={usage}\n")
        self._openssl("x509", "-req", "-in", request, "-days", "2",
                      "-CA", self.pem(authority), "-CAkey", self.key(authority),
                      "-CAcreateserial", "-extfile", extensions,
                      "-out", self.pem(name))

    def context(self, authority="servers_ca", client=None):
        context = ssl.create_default_context(cafile=self.pem(authority))
        if client:
            context.load_cert_chain(self.pem(client), self.key(client))
        return context


def substituted(text, replacements):
    """Each of the replacements, which must occur, and no path left of those
    that only a real installation has."""
    for old, new in replacements.items():
        if not re.search(re.escape(old) + r"\b", text):
            raise AssertionError(f"{old} is not in the example")
        text = re.sub(re.escape(old) + r"\b", str(new), text)
    return text


class Nginx(support.Daemon):
    """Debian's, in a folder of its own, with the examples as they are shipped
    but for paths and ports."""

    def __init__(self, folder, certificates, exporter_port):
        self.ports = {name: support.free_port()
                      for name in ("metrics", "people", "password")}
        files = {f"/etc/ssl/ssh_keepalive_exporter/{name}":
                 certificates.folder / name
                 for name in ("server.pem", "server.key")}
        htpasswd = {"/etc/nginx/ssh_keepalive_exporter.htpasswd":
                    folder / "htpasswd"}
        authority = {"/etc/ssl/ssh_keepalive_exporter/clients_ca.pem":
                     certificates.pem("clients_ca")}
        self._write(folder / "nginx.conf", "nginx.conf", files | authority | {
            "10722": exporter_port, "10723": self.ports["metrics"],
            "10724": self.ports["people"]})
        self._write(folder / "nginx_password.conf", "nginx_password.conf",
                    files | htpasswd | {
                        "10722": exporter_port,
                        "10725": self.ports["password"]})
        hashed = subprocess.run(["openssl", "passwd", "-6", PASSWORD],
                                check=True, capture_output=True, text=True)
        (folder / "htpasswd").write_text(f"prometheus:{hashed.stdout}")
        self.main = folder / "main.conf"
        self.main.write_text(self._main(folder))
        super().__init__(*self.command())
        support.wait_for("nginx", lambda: self.is_up(self._listens))

    @staticmethod
    def _write(path, example, replacements):
        path.write_text(substituted((EXAMPLES / example).read_text(),
                                    replacements))

    @staticmethod
    def _main(folder):
        """What Debian's /etc/nginx/nginx.conf is to the examples."""
        group = grp.getgrgid(os.getgid()).gr_name
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        return f"""\
daemon off;
user {getpass.getuser()} {group};
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 256; }}
http {{
access_log {folder}/access.log;
{temporary}
include {folder}/nginx.conf;
include {folder}/nginx_password.conf;
}}
"""

    def command(self):
        return (support.daemon("usr/sbin/nginx"), "-c", self.main,
                "-p", self.main.parent)

    def test(self):
        """nginx -t"""
        return subprocess.run([*map(str, self.command()), "-t"],
                              capture_output=True, text=True, check=False,
                              timeout=support.PATIENCE_SECONDS)

    def _listens(self):
        try:
            for port in self.ports.values():
                for host in HOSTS:
                    socket.create_connection((host, port), 5).close()
            return True
        except OSError:
            return False
