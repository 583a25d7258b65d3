"""Writes small ASCII FBX files (version 7.4) by hand: limbs, a skinned mesh, curves of Euler angles."""

TICKS = 46186158000  # FBX time units per second


class FbxBuilder:
    def __init__(self, unit_cm=1.0, up="Y", fps_mode=6):
        self.unit_cm, self.up, self.fps_mode = unit_cm, up, fps_mode
        self.objects, self.connections, self.stacks = [], [], []
        self.next_id, self.ids = 1000, {}

    def _new(self):
        self.next_id += 1
        return self.next_id

    def node(self, name, parent=None, kind="LimbNode", **properties):
        """A node; properties: translation, rotation, scaling, prerotation, order."""
        identity = self.ids[name] = self._new()
        lines = []
        names = {"translation": "Lcl Translation", "rotation": "Lcl Rotation", "scaling": "Lcl Scaling"}
        for key, values in properties.items():
            if key in names:
                lines.append(f'P: "{names[key]}", "{names[key]}", "", "A",{csv(values)}')
            elif key == "prerotation":
                lines.append('P: "RotationActive", "bool", "", "",1')
                lines.append(f'P: "PreRotation", "Vector3D", "Vector", "",{csv(values)}')
            elif key == "order":
                lines.append('P: "RotationActive", "bool", "", "",1')
                lines.append(f'P: "RotationOrder", "enum", "", "",{values}')
        self.objects.append(f'Model: {identity}, "Model::{name}", "{kind}" {{\nVersion: 232\n{block(lines)}\n}}')
        self.connections.append((identity, self.ids[parent] if parent else 0, None))
        if kind == "LimbNode":
            attribute = self._new()
            self.objects.append(f'NodeAttribute: {attribute}, "NodeAttribute::{name}", "LimbNode" {{\n}}')
            self.connections.append((attribute, identity, None))

    def mesh(self, name, vertices, polygons, clusters=(), **properties):
        """``clusters``: (bone name, vertex indices, weights, mesh-to-bone 4 x 4, bone-to-world 4 x 4) at bind time."""
        self.node(name, kind="Mesh", **properties)
        geometry, flat = self._new(), [c for v in vertices for c in v]
        corners = [c for p in polygons for c in (*p[:-1], -p[-1] - 1)]
        self.objects.append(
            f'Geometry: {geometry}, "Geometry::{name}", "Mesh" {{\n{array("Vertices", flat)}\n'
            f"{array('PolygonVertexIndex', corners)}\n}}"
        )
        self.connections.append((geometry, self.ids[name], None))
        if not clusters:
            return
        skin = self._new()
        self.objects.append(f'Deformer: {skin}, "Deformer::", "Skin" {{\nVersion: 101\n}}')
        self.connections.append((skin, geometry, None))
        for bone, indices, weights, transform, link in clusters:
            cluster = self._new()
            body = "\n".join(
                [
                    array("Indexes", indices),
                    array("Weights", weights),
                    array("Transform", [v for column in zip(*transform, strict=True) for v in column]),
                    array("TransformLink", [v for column in zip(*link, strict=True) for v in column]),
                ]
            )
            self.objects.append(f'Deformer: {cluster}, "SubDeformer::{bone}", "Cluster" {{\nVersion: 100\n{body}\n}}')
            self.connections += [(cluster, skin, None), (self.ids[bone], cluster, None)]

    def animation(self, name, end_s, tracks):
        """``tracks``: (node, ``T`` or ``R``, times, [keys, 3]); straight lines between keys."""
        stack, layer = self._new(), self._new()
        times = [f'P: "LocalStop", "KTime", "Time", "",{round(end_s * TICKS)}']
        self.objects.append(f'AnimationStack: {stack}, "AnimStack::{name}", "" {{\n{block(times)}\n}}')
        self.objects.append(f'AnimationLayer: {layer}, "AnimLayer::base", "" {{\n}}')
        self.connections.append((layer, stack, None))
        names = {"T": "Lcl Translation", "R": "Lcl Rotation"}
        for node, kind, times_s, values in tracks:
            holder = self._new()
            self.objects.append(f'AnimationCurveNode: {holder}, "AnimCurveNode::{kind}", "" {{\n}}')
            self.connections += [(holder, layer, None), (holder, self.ids[node], names[kind])]
            for axis in range(3):
                curve = self._new()
                keys = "\n".join(
                    [
                        array("KeyTime", [round(t * TICKS) for t in times_s]),
                        array("KeyValueFloat", [v[axis] for v in values]),
                        array("KeyAttrFlags", [4]),
                        array("KeyAttrDataFloat", [0, 0, 0, 0]),
                        array("KeyAttrRefCount", [len(times_s)]),
                    ]
                )
                self.objects.append(f'AnimationCurve: {curve}, "AnimCurve::", "" {{\nDefault: 0\n{keys}\n}}')
                self.connections.append((curve, holder, f"d|{'XYZ'[axis]}"))

    def write(self, path):
        axes = {"Y": (1, 1, 2, 1, 0, 1), "Z": (2, 1, 1, -1, 0, 1)}[self.up]
        names = ("UpAxis", "UpAxisSign", "FrontAxis", "FrontAxisSign", "CoordAxis", "CoordAxisSign")
        settings = [f'P: "{n}", "int", "Integer", "",{v}' for n, v in zip(names, axes, strict=True)]
        settings.append(f'P: "UnitScaleFactor", "double", "Number", "",{self.unit_cm}')
        settings.append(f'P: "TimeMode", "enum", "", "",{self.fps_mode}')
        links = [f'C: "OP",{a},{b},"{prop}"' if prop else f'C: "OO",{a},{b}' for a, b, prop in self.connections]
        text = "; FBX 7.4.0 project file\nFBXHeaderExtension: {\nFBXHeaderVersion: 1003\nFBXVersion: 7400\n}\n"
        text += f"GlobalSettings: {{\nVersion: 1000\n{block(settings)}\n}}\n"
        text += "Objects: {\n" + "\n".join(self.objects) + "\n}\nConnections: {\n" + "\n".join(links) + "\n}\n"
        path.write_text(text)
        return path


def csv(values):
    return ",".join(f"{v:.10g}" for v in values)


def block(lines):
    return "Properties70: {\n" + "\n".join(lines) + "\n}"


def array(name, values):
    return f"{name}: *{len(values)} {{\na: {','.join(f'{v:.12g}' for v in values)}\n}}"
