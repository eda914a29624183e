"""A container of a manifest as a process: what a kubelet and a container runtime would give it, as far as one machine can.

It gets its command, arguments and environment from the manifest and nothing else but what the image sets; its volumes at
their paths, in a root file system of its own, which is read-only if the manifest says so; its user, groups and capabilities;
and an address of its own on a bridge. Not given are limits of memory and CPU, and seccomp.
"""

import base64
import os
import pathlib
import re
import shutil
import signal
import subprocess

import yaml

ROOT_DIRECTORIES = ("bin", "lib", "lib64", "sbin")


class Cluster:
    """What pods have in common. The process must be in network and mount namespaces of its own."""

    def __init__(self, documents, folder, image):
        self.objects = {(d["kind"], d["metadata"]["name"]): d for d in documents}
        self.folder = pathlib.Path(folder)
        self.image = image
        self.pods = []
        self.hosts = self.folder / "hosts"
        self.name({})
        run("ip link add weir0 type bridge", "ip addr add 10.77.0.1/24 dev weir0", "ip link set weir0 up")

    def name(self, addresses):
        """Plays the cluster's DNS: from now on these names mean these addresses."""
        lines = ["127.0.0.1 localhost"] + [f"{address} {name}" for name, address in addresses.items()]
        self.hosts.write_text("\n".join(lines) + "\n")

    def kill(self):
        for pod in self.pods:
            pod.process.kill()

    def bytes_of(self, kind, name):
        data = self.objects[(kind, name)].get("data", {})
        if kind == "Secret":
            return {key: base64.b64decode(value) for key, value in data.items()}
        return {key: value.encode() for key, value in data.items()}


def run(*commands):
    for command in commands:
        subprocess.run(command.split(), check=True)


def expand(text, environment):
    return re.sub(r"\$\((\w+)\)", lambda m: environment.get(m[1], m[0]), text)


class Pod:
    def __init__(self, cluster, name, template):
        cluster.pods.append(self)
        self.cluster, self.name, self.spec = cluster, name, template["spec"]
        self.address = f"10.77.0.{len(cluster.pods) + 1}"
        self.folder = cluster.folder / "pods" / name
        self.folder.mkdir(parents=True)
        (self.container,) = self.spec["containers"]
        self.log = self.folder / "log.txt"

    def environment(self):
        environment = dict(self.cluster.image["environment"], HOSTNAME=self.name)
        fields = {"metadata.name": self.name, "status.podIP": self.address}
        for entry in self.container.get("env", []):
            value = entry["value"] if "value" in entry else fields[entry["valueFrom"]["fieldRef"]["fieldPath"]]
            environment[entry["name"]] = expand(value, environment)
        return environment

    def command(self):
        environment = self.environment()
        return [expand(word, environment) for word in self.container["command"] + self.container["args"]]

    def mounts(self):
        """(folder here, path there, read-only) of each volume."""
        volumes = {volume["name"]: volume for volume in self.spec["volumes"]}
        for mount in self.container["volumeMounts"]:
            yield self.volume(volumes[mount["name"]]), mount["mountPath"], mount.get("readOnly", False)

    def volume(self, volume):
        group = self.spec["securityContext"]["fsGroup"]
        if "persistentVolumeClaim" in volume:
            claim = volume["persistentVolumeClaim"]["claimName"]
            assert ("PersistentVolumeClaim", claim) in self.cluster.objects, claim
            folder, mode = self.cluster.folder / "claims" / claim, 0o2775
        else:
            folder, mode = self.folder / "volumes" / volume["name"], 0o2777
        folder.mkdir(parents=True, exist_ok=True)
        if "configMap" in volume:
            self.fill(folder, self.cluster.bytes_of("ConfigMap", volume["configMap"]["name"]), None, 0o644)
        elif "secret" in volume:
            secret = volume["secret"]
            values = self.cluster.bytes_of("Secret", secret["secretName"])
            self.fill(folder, values, secret["items"], secret["defaultMode"])
        os.chown(folder, -1, group)
        folder.chmod(mode)
        return folder

    def fill(self, folder, values, items, mode):
        for item in items or [{"key": key, "path": key} for key in values]:
            file = folder / item["path"]
            file.write_bytes(values[item["key"]])
            os.chown(file, -1, self.spec["securityContext"]["fsGroup"])
            file.chmod(mode)

    def privileges(self):
        """The security contexts, as options of setpriv."""
        pod, own = self.spec["securityContext"], self.container["securityContext"]
        options = [f"--reuid={pod['runAsUser']}", f"--regid={pod['runAsGroup']}", f"--groups={pod['fsGroup']}"]
        if not own["allowPrivilegeEscalation"]:
            options.append("--no-new-privs")
        if own["capabilities"]["drop"] == ["ALL"]:
            options += ["--bounding-set=-all", "--inh-caps=-all"]
        return options

    def script(self):
        """Waits for its interface, lays out the root file system, and becomes the container's process."""
        root = self.folder / "root"
        root.mkdir()
        lines = [
            "set -eu; read -r go",
            f"ip link set lo up; ip addr add {self.address}/24 dev eth0; ip link set eth0 up",
            f"mount -t tmpfs -o mode=755 none {root}; cd {root}; mkdir etc proc",
            *(f"ln -s usr/{name} {name}" for name in ROOT_DIRECTORIES),
            "echo 'hosts: files' >etc/nsswitch.conf",
            "mount --rbind /proc proc",
        ]
        layers = [(source, path, True) for path, source in self.cluster.image["layers"].items()]
        devices = [(device, device, False) for device in ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")]
        mounts = [*layers, *devices, (self.cluster.hosts, "/etc/hosts", True), *self.mounts()]
        for source, path, read_only in sorted(mounts, key=lambda mount: mount[1].count("/")):  # The repository may be in /tmp.
            made = "mkdir -p ." + path if pathlib.Path(source).is_dir() else f"mkdir -p .{os.path.dirname(path)}; touch .{path}"
            lines.append(f"{made}; mount --bind {source} .{path}")
            if read_only:
                lines.append(f"mount -o remount,bind,ro .{path}")
        if self.container["securityContext"]["readOnlyRootFilesystem"]:
            lines.append(f"mount -o remount,ro {root}")
        lines.append('exec chroot . "$@"')
        return "\n".join(lines)

    def start(self):
        words = ["setpriv", "--pdeathsig=KILL", *self.privileges(), "env", "-i"]
        words += [f"{key}={value}" for key, value in self.environment().items()] + self.command()
        self.process = subprocess.Popen(
            ["unshare", "--net", "--mount", "sh", "-c", self.script(), "sh", *words],
            stdin=subprocess.PIPE,
            stdout=self.log.open("w"),
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.join("weir" + self.address.split(".")[-1])
        self.process.stdin.write("go\n")
        self.process.stdin.close()
        return self

    def join(self, link):
        """Plugs the pod into the bridge as soon as it has a network namespace of its own."""
        own = os.readlink("/proc/self/ns/net")
        while os.readlink(f"/proc/{self.process.pid}/ns/net") == own:
            os.sched_yield()
        run(
            f"ip link add {link} type veth peer name eth0 netns {self.process.pid}",
            f"ip link set {link} master weir0 up",
        )

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def wait(self, seconds):
        """The exit code as Kubernetes shows it."""
        code = self.process.wait(seconds)
        return code if code >= 0 else 128 - code


def image(repository, folder):
    """What deploy/docker's image holds, taken from this machine: the launcher, its class path, Java, unpacked natives."""
    repository = pathlib.Path(repository)
    jars = (repository / "deploy/local/target/weir.classpath").read_text().strip().split(":")
    libraries = os.path.commonpath([jar for jar in jars if not jar.startswith(f"{repository}/")])
    java = pathlib.Path(shutil.which("java")).resolve().parent.parent
    natives = readable(os.environ.get("DJL_CACHE_DIR", os.path.expanduser("~/.djl.ai")), pathlib.Path(folder) / "natives")
    same = ["/usr", str(repository), libraries, "/etc/alternatives", "/etc/java-17-openjdk"]
    same += [] if str(java).startswith("/usr/") else [str(java)]
    layers = {path: path for path in same if os.path.isdir(path)} | {"/weir/cache": natives}
    tokenizers = next(natives.glob("tokenizers/*/libtokenizers.so")).relative_to(natives)
    environment = {
        "PATH": f"{repository}:{java}/bin:/usr/bin:/bin",
        "DJL_CACHE_DIR": "/weir/cache",
        "RUST_LIBRARY_PATH": f"/weir/cache/{tokenizers}",
        "LANG": "C.UTF-8",
    }
    return {"layers": layers, "environment": environment}


def readable(source, copy):
    """The engine unpacks its libraries into folders for its own user only."""

    def link(file, new):
        try:
            os.link(file, new)
        except OSError:
            shutil.copy2(file, new)

    shutil.copytree(source, copy, copy_function=link)
    for folder, _, _ in os.walk(copy):
        os.chmod(folder, 0o755)
    return copy


def load(*files):
    return [document for file in files for document in yaml.safe_load_all(pathlib.Path(file).read_text()) if document]
