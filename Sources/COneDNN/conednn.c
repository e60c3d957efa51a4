#include "conednn.h"
#include <oneapi/dnnl/dnnl.h>
int conednn_version(void) { return dnnl_version()->major; }
