/* Track boxes from C: Python makes the tracker once, each frame is one call of a function without Python in it.
 *
 *     gcc track_from_c.c -o track_from_c $(python3-config --includes --ldflags --embed)
 */
#include <Python.h>
#include <stdint.h>

typedef int64_t (*update_fn)(int64_t *tracker, const double *detections, int64_t count, double passed, double *tracks);

int main(void) {
    Py_Initialize();
    PyObject *module = PyImport_ImportModule("numa_runtime.tracking.native");
    PyObject *tracker = module ? PyObject_CallMethod(module, "NativeTracker", "s", "bytetrack") : NULL;
    if (!tracker) return PyErr_Print(), 1;
    PyObject *address = PyObject_GetAttrString(tracker, "update"), *handle = PyObject_GetAttrString(tracker, "handle");
    update_fn update = (update_fn)PyLong_AsSize_t(address);
    int64_t *state = (int64_t *)PyLong_AsSize_t(handle);
    PyThreadState *idle = PyEval_SaveThread(); /* from here on, no interpreter */

    static double tracks[1024][8];
    for (int frame = 0; frame < 5; frame++) {
        double boxes[2][6] = {{100 + 8 * frame, 50, 140 + 8 * frame, 150, 0.9, 0}, {400, 60, 440, 170, 0.8, 0}};
        int64_t found = update(state, boxes[0], 2, 1.0, tracks[0]);
        if (found < 0) return fprintf(stderr, "update said %d\n", (int)found), 1;
        for (int64_t row = 0; row < found; row++)
            printf("frame %d id %.0f at %.1f,%.1f\n", frame, tracks[row][4], tracks[row][0], tracks[row][1]);
    }
    PyEval_RestoreThread(idle);
    return 0;
}
