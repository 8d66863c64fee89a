"""Restores a picture (.ppm, 8 bits) with a running engine: python3 client.py IN.ppm OUT.ppm [PIPE]. See ../protocol.md."""
import getpass, json, os, re, socket, struct, sys, tempfile, uuid


def connect(name):
    if os.name == "nt":
        return open(rf"\\.\pipe\{name}", "r+b", buffering=0)
    pipe = socket.socket(socket.AF_UNIX)
    try:
        pipe.connect(os.path.join(tempfile.gettempdir(), "CoreFxPipe_" + name))
    except OSError:
        sys.exit(f"No engine is running at {name}: start `hypir serve` first.")
    return pipe.makefile("rwb", buffering=0)


def exactly(stream, count):
    data = b""
    while len(data) < count:
        piece = stream.read(count - len(data))
        if not piece:
            raise EOFError("the engine hung up")
        data += piece
    return data


class Engine:
    def __init__(self, name):
        self.pipe, self.last = connect(name), 0

    def call(self, method, **params):
        self.last += 1
        body = json.dumps({"jsonrpc": "2.0", "id": self.last, "method": method, "params": params}).encode()
        self.pipe.write(struct.pack("<I", len(body)) + body)
        while True:
            message = json.loads(exactly(self.pipe, struct.unpack("<I", exactly(self.pipe, 4))[0]))
            if message.get("method") == "progress":
                print("{state} {fraction:.0%}".format(**message["params"]))
            elif message.get("id") == self.last:
                if "error" in message:
                    raise RuntimeError(message["error"]["message"])
                return message["result"]


def main(source, target, name="hypir-" + re.sub("[^a-z0-9._-]", "_", getpass.getuser().lower())):
    with open(source, "rb") as file:
        kind, size, depth = file.readline().strip(), file.readline().split(), file.readline().strip()
        pixels = file.read()
    if kind != b"P6" or depth != b"255":
        sys.exit(f"{source} is not a plain PPM file of 8 bits.")
    width, height = map(int, size)
    engine = Engine(name)
    welcome = engine.call("hello", protocol=1, client="client.py")
    path = os.path.join(welcome["pixelFolder"], f"{os.getpid()}-{uuid.uuid4().hex}.px")
    try:
        with open(path, "xb") as file:  # head: 64 bytes; layout 1 is rgb24
            file.write(struct.pack("<8s6IQ24x", b"HYPIRPIX", 1, 64, 1, width, height, 0, len(pixels)) + pixels)
        request = {"width": width, "height": height, "layout": "rgb24", "model": "nano"}
        result = engine.call("restore", jobId="job-1", pixels=os.path.basename(path), request=request)
    finally:
        os.remove(path)
    path = os.path.join(welcome["pixelFolder"], result["pixels"])
    with open(path, "rb") as file, open(target, "wb") as out:
        file.seek(64)
        out.write(b"P6\n%d %d\n255\n" % (result["width"], result["height"]) + file.read())
    os.remove(path)


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(*sys.argv[1:])
